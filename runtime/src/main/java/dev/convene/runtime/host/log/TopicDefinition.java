package dev.convene.runtime.host.log;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A topic as it has to be.
 *
 * @param name the topic's name
 * @param partitions how many partitions, at least 1; fixed when the topic is made
 * @param settings Kafka topic settings that are given and checked; replication is a setting of the cluster
 */
public record TopicDefinition(String name, int partitions, Map<String, String> settings) {
    private static final String RESOURCE = "topics.properties";

    public TopicDefinition {
        if (name.isEmpty() || partitions < 1) {
            throw new IllegalArgumentException("not a topic: '" + name + "' with " + partitions + " partitions");
        }
        settings = Map.copyOf(settings);
    }

    /** The same with another number of partitions. */
    public TopicDefinition withPartitions(int other) {
        return new TopicDefinition(name, other, settings);
    }

    /** The topics of Convene, from the one place where they are defined; sorted by name. */
    public static List<TopicDefinition> all() {
        try (InputStream in = TopicDefinition.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing in this build");
            }
            Properties properties = new Properties();
            properties.load(new InputStreamReader(in, StandardCharsets.UTF_8));
            return parse(properties);
        } catch (IOException e) {
            throw new IllegalStateException(RESOURCE + " cannot be read", e);
        }
    }

    /** Reads definitions of the form {@code topic=partitions, setting=value, ...}. */
    public static List<TopicDefinition> parse(Properties properties) {
        List<TopicDefinition> definitions = new ArrayList<>();
        for (String topic : properties.stringPropertyNames().stream().sorted().toList()) {
            String[] parts = properties.getProperty(topic).split(",");
            Map<String, String> settings = new LinkedHashMap<>();
            for (int i = 1; i < parts.length; i++) {
                int equals = parts[i].indexOf('=');
                if (equals < 0) {
                    throw new IllegalArgumentException(topic + ": '" + parts[i].trim() + "' is not setting=value");
                }
                settings.put(
                        parts[i].substring(0, equals).trim(),
                        parts[i].substring(equals + 1).trim());
            }
            definitions.add(new TopicDefinition(topic, Integer.parseInt(parts[0].trim()), settings));
        }
        return definitions;
    }
}
