/**
 * Which web stack sends one message to many WebSockets at the least cost: three servers under the same load.
 *
 * <p>{@link dev.convene.benchmarks.webstack.WebStackBenchmark} runs them in turn, each in a process of its own, and
 * prints the table of ADR 0004. A project of its own, because nothing else of Convene needs Tomcat:
 * {@code mvn -f benchmarks/src/webstack/pom.xml package}, then run the jar's main class with {@code target/lib}.
 */
@NullMarked
package dev.convene.benchmarks.webstack;

import org.jspecify.annotations.NullMarked;
