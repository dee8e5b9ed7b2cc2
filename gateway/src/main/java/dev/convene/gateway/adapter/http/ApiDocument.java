package dev.convene.gateway.adapter.http;

import io.swagger.v3.core.util.Yaml31;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * What the description of the addresses begins with: the schemas of bodies. They are those of the frames; a test holds them
 * against the description of the WebSocket.
 */
public final class ApiDocument {
    /** The resource with the schemas, an OpenAPI document with nothing else in it. */
    static final String SCHEMAS = "/dev/convene/gateway/openapi-schemas.yaml";

    private ApiDocument() {}

    /** The document without addresses. */
    public static OpenAPI base() {
        try (InputStream in = ApiDocument.class.getResourceAsStream(SCHEMAS)) {
            if (in == null) {
                throw new IllegalStateException("not on the class path: " + SCHEMAS);
            }
            OpenAPI document = Yaml31.mapper().readValue(in, OpenAPI.class);
            document.getComponents()
                    .addSecuritySchemes(
                            "session",
                            new SecurityScheme()
                                    .type(SecurityScheme.Type.HTTP)
                                    .scheme("bearer")
                                    .description("The session's token from the answer to connect"));
            return document.info(new Info()
                            .title("Convene over HTTP")
                            .version("1.0.0")
                            .description("Groups with ordered multicast and membership. The same operations exist over"
                                    + " WebSocket; protocol.md explains every operation, field and error.")
                            .license(new License()
                                    .name("Apache-2.0")
                                    .url("https://www.apache.org/licenses/LICENSE-2.0")))
                    .servers(List.of(new Server().url("/")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
