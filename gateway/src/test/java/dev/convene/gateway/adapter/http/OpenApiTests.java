package dev.convene.gateway.adapter.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.gateway.edge.EdgeServer;
import dev.convene.gateway.edge.LeakDetection;
import dev.convene.protocol.Limits;
import dev.convene.protocol.frame.FrameCodec;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.RecordComponent;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * The description of the addresses: what is served is what stands in docs/openapi.yaml, its schemas are those of the
 * WebSocket, its examples can be read. {@code -Dconvene.docs.update=true} writes both files anew; run it twice if the
 * description of the WebSocket has changed.
 */
@ExtendWith(LeakDetection.class)
@SpringBootTest(classes = EdgeServer.class, webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class OpenApiTests {
    private static final Path DOCS = Path.of("..", "docs");
    private static final Path RESOURCES = Path.of("src", "main", "resources");
    private static final boolean UPDATE = Boolean.getBoolean("convene.docs.update");

    @LocalServerPort
    private int port;

    private Map<String, Object> served() throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/openapi.json"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).isEqualTo(200);
            return new Yaml().load(response.body());
        }
    }

    @Test
    void theDocumentationIsWhatIsServed() throws IOException, InterruptedException {
        Map<String, Object> served = served();
        Path file = DOCS.resolve("openapi.yaml");
        if (UPDATE) {
            Files.writeString(file, dump(served));
        }
        assertThat(served.get("openapi")).asString().startsWith("3.1");
        assertThat(new Yaml().<Map<String, Object>>load(Files.readString(file)))
                .as("docs/openapi.yaml; -Dconvene.docs.update=true writes it")
                .isEqualTo(served);
    }

    @Test
    void theSchemasAreThoseOfTheWebSocket() throws IOException {
        Map<String, Object> expected = schemasOfTheWebSocket();
        Path file = RESOURCES.resolve(ApiDocument.SCHEMAS.substring(1));
        if (UPDATE) {
            Files.writeString(file, dump(Map.of("openapi", "3.1.0", "components", Map.of("schemas", expected))));
        }
        try (InputStream in = Files.newInputStream(file)) {
            Map<String, Object> document = new Yaml().load(in);
            assertThat(child(child(document, "components"), "schemas")).isEqualTo(expected);
        }
    }

    /** The schemas of docs/asyncapi.yaml, and the fields of each operation as a schema of their own. */
    private static Map<String, Object> schemasOfTheWebSocket() throws IOException {
        Map<String, Object> components =
                child(new Yaml().load(Files.readString(DOCS.resolve("asyncapi.yaml"))), "components");
        Map<String, Object> messages = child(components, "messages");
        Map<String, Object> schemas = new LinkedHashMap<>();
        schemas.put("ConnectFields", fields(messages, "connect"));
        for (OperationDoc operation : OperationDoc.OF_SESSIONS) {
            schemas.put(operation.fields(), fields(messages, operation.name()));
            Map<String, Object> ok = child(child(child(messages, operation.name() + "Ok"), "payload"), "properties");
            assertThat(child(ok, "ok")).containsEntry("$ref", "#/components/schemas/" + operation.answer());
        }
        schemas.putAll(child(components, "schemas"));
        Map<String, Object> error = child(child(components, "schemas"), "Error");
        schemas.remove("Error");
        schemas.put("Limits", limits(child(schemas, "Limits")));
        schemas.put("Problem", problem(error));
        return schemas;
    }

    private static Map<String, Object> fields(Map<String, Object> messages, String operation) {
        Map<String, Object> message = child(messages, operation);
        Map<String, Object> fields =
                new LinkedHashMap<>(child(child(child(message, "payload"), "properties"), operation));
        Object example = ((List<?>) message.get("examples")).getFirst();
        fields.put("example", child(child(cast(example), "payload"), operation));
        return fields;
    }

    /** All of them by name; the generator of the document cannot take a map whose values have a schema. */
    private static Map<String, Object> limits(Map<String, Object> open) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (RecordComponent limit : Limits.class.getRecordComponents()) {
            properties.put(limit.getName(), Map.of("type", "integer"));
        }
        Map<String, Object> limits = new LinkedHashMap<>(open);
        limits.remove("additionalProperties");
        limits.put("properties", properties);
        return limits;
    }

    /** Over HTTP the message is the detail, beside what RFC 9457 adds. */
    private static Map<String, Object> problem(Map<String, Object> error) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("type", Map.of("type", "string"));
        properties.put("title", Map.of("type", "string"));
        properties.put("status", Map.of("type", "integer"));
        child(error, "properties")
                .forEach((name, schema) -> properties.put(name.equals("message") ? "detail" : name, schema));
        List<String> required = properties.keySet().stream()
                .filter(name -> !List.of("field", "retryAfterMs").contains(name))
                .toList();
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "object");
        problem.put("required", required);
        problem.put("properties", properties);
        return problem;
    }

    @Test
    void theExamplesCanBeRead() throws IOException {
        FrameCodec codec = FrameCodec.json(Limits.DEFAULT);
        try (InputStream in = OpenApiTests.class.getResourceAsStream(ApiDocument.SCHEMAS)) {
            Map<String, Object> schemas = child(child(new Yaml().load(in), "components"), "schemas");
            schemas.forEach((name, schema) -> {
                if (name.endsWith("Fields")) {
                    String operation =
                            name.substring(0, name.length() - "Fields".length()).toLowerCase(Locale.ROOT);
                    String example = new tools.jackson.databind.ObjectMapper()
                            .writeValueAsString(cast(schema).get("example"));
                    assertThat(codec.decodeOperation(operation, example.getBytes(StandardCharsets.UTF_8))
                                    .operation())
                            .isEqualTo(operation);
                }
            });
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException, InterruptedException {
        Map<String, Object> served = served();
        Map<String, Object> schemas = child(child(served, "components"), "schemas");
        java.util.regex.Matcher references =
                java.util.regex.Pattern.compile("#/components/schemas/(\\w+)").matcher(dump(served));
        while (references.find()) {
            assertThat(schemas).containsKey(references.group(1));
        }
        assertThat(child(served, "paths"))
                .containsKeys("/v1/sessions", "/v1/sessions/{session}/stream", "/v1/multicast", "/v1/limits");
    }

    private static Map<String, Object> child(Map<String, Object> map, String key) {
        assertThat(map).containsKey(key);
        return cast(map.get(key));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> cast(Object map) {
        return (Map<String, Object>) map;
    }

    private static String dump(Map<String, Object> document) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setWidth(118);
        return new Yaml(options).dump(document);
    }
}
