/** What the tests of the edges share: a gateway without logs, and Netty's leak detection. */
package dev.convene.gateway.edge;
