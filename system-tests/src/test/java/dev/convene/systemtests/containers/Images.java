package dev.convene.systemtests.containers;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import org.testcontainers.utility.DockerImageName;

/** The container images that tests run, from the one place where they are named. */
final class Images {
    static final DockerImageName KAFKA = named("kafka");

    private Images() {}

    private static DockerImageName named(String key) {
        try (InputStream in = Images.class.getResourceAsStream("images.properties")) {
            Properties images = new Properties();
            images.load(in);
            return DockerImageName.parse(images.getProperty(key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
