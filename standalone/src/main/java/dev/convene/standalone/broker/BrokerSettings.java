package dev.convene.standalone.broker;

import java.nio.file.Path;
import java.util.Properties;

/**
 * The settings of the broker, by their Kafka names, each with its reason where it is not obvious.
 *
 * <p>Whatever decides about durability or order is as in a cluster; what differs has to do with there being one node
 * (replication factors), with memory, and with waits that only make sense among several nodes.
 */
final class BrokerSettings {

    static final int NODE_ID = 1;

    private BrokerSettings() {}

    static Properties of(BrokerOptions options, Path logDirectory, LoopbackListeners listeners) {
        Properties settings = new Properties();
        identity(settings, logDirectory, listeners);
        internalTopics(settings);
        timing(settings, options);
        storage(settings, options);
        footprint(settings);
        settings.putAll(options.overrides());
        return settings;
    }

    private static void identity(Properties settings, Path logDirectory, LoopbackListeners listeners) {
        String clients = LoopbackListeners.CLIENT + "://" + LoopbackListeners.HOST + ":" + listeners.clientPort();
        String controller =
                LoopbackListeners.CONTROLLER + "://" + LoopbackListeners.HOST + ":" + listeners.controllerPort();
        settings.put("process.roles", "broker,controller");
        settings.put("node.id", Integer.toString(NODE_ID));
        settings.put("log.dirs", logDirectory.toString());
        settings.put("listeners", clients + "," + controller);
        settings.put("advertised.listeners", clients);
        settings.put(
                "listener.security.protocol.map",
                LoopbackListeners.CLIENT + ":PLAINTEXT," + LoopbackListeners.CONTROLLER + ":PLAINTEXT");
        settings.put("inter.broker.listener.name", LoopbackListeners.CLIENT);
        settings.put("controller.listener.names", LoopbackListeners.CONTROLLER);
        settings.put(
                "controller.quorum.voters", NODE_ID + "@" + LoopbackListeners.HOST + ":" + listeners.controllerPort());
        // A misspelt name is an error, as in a cluster.
        settings.put("auto.create.topics.enable", "false");
    }

    private static void internalTopics(Properties settings) {
        for (String topic : new String[] {"offsets.topic", "transaction.state.log", "share.coordinator.state.topic"}) {
            settings.put(topic + ".num.partitions", "1");
            settings.put(topic + ".replication.factor", "1");
            settings.put(topic + ".segment.bytes", Integer.toString(16 << 20));
        }
        settings.put("transaction.state.log.min.isr", "1");
        settings.put("share.coordinator.state.topic.min.isr", "1");
    }

    private static void timing(Properties settings, BrokerOptions options) {
        settings.put("group.initial.rebalance.delay.ms", "0");
        // After a kill the controller refuses the new broker until the session of the dead one has run out, so this is
        // a part of every such start (9 s by default); on the other hand a process that was held up for longer than
        // this
        // has no leaders until its next heartbeat.
        settings.put("broker.session.timeout.ms", "1500");
        settings.put("broker.heartbeat.interval.ms", "200");
        // Otherwise an idle controller writes and flushes a record twice a second, for followers that do not exist.
        settings.put("metadata.max.idle.interval.ms", "0");
        settings.put(
                "server.max.startup.time.ms",
                Long.toString(options.startTimeout().toMillis()));
    }

    private static void storage(Properties settings, BrokerOptions options) {
        settings.put("log.segment.bytes", Integer.toString(options.segmentSizeBytes()));
        settings.put("log.index.size.max.bytes", Integer.toString(indexSizeMaxBytes(options.segmentSizeBytes())));
        settings.put("num.recovery.threads.per.data.dir", "2");
        settings.put("metadata.log.segment.bytes", Integer.toString(16 << 20));
    }

    /**
     * Room for an index of a whole segment: an entry of at most 12 bytes for every 4 KiB of log. The default of 10 MiB
     * for each of two indexes would be allocated and mapped for every partition.
     */
    private static int indexSizeMaxBytes(int segmentSizeBytes) {
        return Math.max(64 << 10, segmentSizeBytes / 4096 * 12);
    }

    private static void footprint(Properties settings) {
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        // The default of 128 MiB is taken at once, whatever there is to compact.
        settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
        settings.put("log.cleaner.io.buffer.size", Integer.toString(128 << 10));
        // No JMX beans: the application exports its own metrics.
        settings.put("metric.reporters", "");
    }
}
