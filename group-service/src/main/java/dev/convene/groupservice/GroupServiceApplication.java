package dev.convene.groupservice;

import dev.convene.groupservice.config.GroupServiceConfiguration;
import dev.convene.groupservice.config.ProcessConfiguration;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/** The group service as a process of its own. Its settings are in {@code group-service.yaml}. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({GroupServiceConfiguration.class, ProcessConfiguration.class})
public class GroupServiceApplication {

    /** Starts the service and returns; it stops with the process. */
    public static void main(String[] arguments) {
        new SpringApplicationBuilder(GroupServiceApplication.class)
                .properties("spring.config.name=application,group-service")
                .run(arguments);
    }
}
