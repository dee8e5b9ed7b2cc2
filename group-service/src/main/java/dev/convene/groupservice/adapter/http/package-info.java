/**
 * The service over HTTP, for operators, gateways' people and probes: members, groups, history pointers, settings, the
 * shards of this process and the commands of operators. Not meant for clients: those ask gateways.
 */
@NullMarked
package dev.convene.groupservice.adapter.http;

import org.jspecify.annotations.NullMarked;
