package dev.convene.standalone.broker;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import org.apache.kafka.common.network.Selectable;
import org.apache.kafka.server.ServerSocketFactory;

/**
 * The broker's two listening sockets, bound before the broker exists and handed to it when it asks.
 *
 * <p>Binding first makes a port in use an error before anything is started, and gives ephemeral ports that nobody else
 * can take between their choice and their use.
 */
final class LoopbackListeners implements ServerSocketFactory, AutoCloseable {

    static final String HOST = "127.0.0.1";
    static final String CLIENT = "CLIENT";
    static final String CONTROLLER = "CONTROLLER";

    private static final int BACKLOG = 128;

    private final ServerSocketChannel client;
    private final ServerSocketChannel controller;

    private LoopbackListeners(ServerSocketChannel client, ServerSocketChannel controller) {
        this.client = client;
        this.controller = controller;
    }

    /**
     * Binds both sockets.
     *
     * @param clientPort the port for clients, or 0 for any free one; the controller's is always any free one
     * @throws BrokerStartException if the port is in use or may not be used
     */
    static LoopbackListeners bind(int clientPort) {
        ServerSocketChannel client = bindOne(clientPort);
        try {
            return new LoopbackListeners(client, bindOne(0));
        } catch (BrokerStartException e) {
            closeQuietly(client);
            throw e;
        }
    }

    private static ServerSocketChannel bindOne(int port) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(new InetSocketAddress(HOST, port), BACKLOG);
                channel.configureBlocking(false);
                return channel;
            } catch (IOException e) {
                closeQuietly(channel);
                throw e;
            }
        } catch (BindException e) {
            throw new BrokerStartException(
                    "The broker cannot listen on " + HOST + ":" + port + " (" + e.getMessage()
                            + "): stop the program that uses this port or choose another port.",
                    e);
        } catch (IOException e) {
            throw new BrokerStartException("The broker cannot listen on " + HOST + ":" + port + ".", e);
        }
    }

    int clientPort() {
        return client.socket().getLocalPort();
    }

    int controllerPort() {
        return controller.socket().getLocalPort();
    }

    @Override
    public ServerSocketChannel openServerSocket(
            String listenerName, InetSocketAddress address, int backlog, int receiveBufferBytes) throws IOException {
        ServerSocketChannel channel = switch (listenerName) {
            case CLIENT -> client;
            case CONTROLLER -> controller;
            default -> throw new IOException("unknown listener " + listenerName);
        };
        if (receiveBufferBytes != Selectable.USE_DEFAULT_BUFFER_SIZE) {
            channel.socket().setReceiveBufferSize(receiveBufferBytes);
        }
        return channel;
    }

    /** Closes both sockets; closing those that the broker has closed already does nothing. */
    @Override
    public void close() {
        closeQuietly(client);
        closeQuietly(controller);
    }

    private static void closeQuietly(ServerSocketChannel channel) {
        try {
            channel.close();
        } catch (IOException _) {
            // The process is stopping or reports a better error already.
        }
    }
}
