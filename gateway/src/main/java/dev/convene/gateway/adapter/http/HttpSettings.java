package dev.convene.gateway.adapter.http;

import java.time.Duration;

/**
 * What the HTTP edge enforces beside the announced limits.
 *
 * @param requestsMax most requests at a time, waiting ones included; more are refused with 503
 * @param bodyBytesMax most bytes of request bodies in memory at a time, over all requests; more are refused with 503
 * @param bodyTimeout how long the body of a request may take to come; a later one is refused with 408
 * @param readerTimeout for how long a stream's reader may take nothing while something waits; then it is cut
 */
public record HttpSettings(int requestsMax, long bodyBytesMax, Duration bodyTimeout, Duration readerTimeout) {}
