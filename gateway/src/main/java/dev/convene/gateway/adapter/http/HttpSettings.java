package dev.convene.gateway.adapter.http;

/**
 * What the HTTP edge enforces beside the announced limits.
 *
 * @param requestsMax most requests at a time, waiting ones included; more are refused with 503
 * @param bodyBytesMax most bytes of request bodies in memory at a time, over all requests; more are refused with 503
 */
public record HttpSettings(int requestsMax, long bodyBytesMax) {

    /** What is used where no setting says otherwise. */
    public static final HttpSettings DEFAULT = new HttpSettings(20_000, 256L * 1024 * 1024);
}
