package dev.convene.benchmarks.webstack;

/** A server that sends the same text to everybody who has opened {@code /ws}. */
interface FanOut {
    /** What every frame holds. */
    byte[] PAYLOAD = "x".repeat(256).getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** Most messages that may wait for one receiver; the publisher waits for the slowest. */
    int WAITING_MAX = 1024;

    /** The port of 127.0.0.1 that it listens on. */
    int port();

    /** How many receivers there are. */
    int receivers();

    /** Sends so many messages to all of them. */
    void publish(int messages) throws Exception;

    /** The server with this name. */
    static FanOut start(String name) {
        return switch (name) {
            case "netty" -> new NettyFanOut();
            case "webflux" -> new WebFluxFanOut();
            case "tomcat" -> new TomcatFanOut();
            default -> throw new IllegalArgumentException("no such stack: " + name);
        };
    }
}
