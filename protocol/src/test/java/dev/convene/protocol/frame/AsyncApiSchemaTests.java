package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * docs/asyncapi.yaml, read by a parser of YAML and held against the schema of AsyncAPI 3.0.0 as its authors publish it
 * (package @asyncapi/specs 6.11.1, Apache License 2.0).
 */
class AsyncApiSchemaTests {
    private static String text;
    private static JsonNode document;
    private static Schema schema;

    @BeforeAll
    static void read() throws IOException {
        text = Files.readString(Path.of("..", "docs", "asyncapi.yaml"));
        document = new YAMLMapper().readTree(text);
        try (InputStream in = AsyncApiSchemaTests.class.getResourceAsStream("/asyncapi/3.0.0.json")) {
            schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(in, InputFormat.JSON);
        }
    }

    @Test
    void itIsADocumentOfAsyncApi() {
        assertThat(schema.validate(document)).isEmpty();
    }

    @Test
    void whatIsNoSuchDocumentIsFound() {
        for (String[] change : new String[][] {
            {"\nchannels:\n", "\nchanels:\n"},
            {"    protocol: ws\n", ""},
            {"asyncapi: 3.0.0", "asyncapi: 2.6.0"},
            {"  title: Convene over WebSocket\n", ""}
        }) {
            assertThat(text).contains(change[0]);
            JsonNode wrong = new YAMLMapper().readTree(text.replace(change[0], change[1]));
            assertThat(schema.validate(wrong)).as(change[0]).isNotEmpty();
        }
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        collect(document, references);
        assertThat(references).hasSizeGreaterThan(50).allSatisfy(reference -> {
            assertThat(reference).startsWith("#/");
            assertThat(document.at(reference.substring(1)).isMissingNode())
                    .as(reference)
                    .isFalse();
        });
    }

    private static void collect(JsonNode node, List<String> references) {
        JsonNode reference = node.get("$ref");
        if (reference != null && reference.isString()) {
            references.add(reference.asString());
        }
        node.forEach(child -> collect(child, references));
    }

    /** What is given as an example fits what is said of its payload. */
    @Test
    void everyExampleFitsItsPayload() {
        JsonNode messages = document.at("/components/messages");
        assertThat(messages.isEmpty()).isFalse();
        int examples = 0;
        for (String name : messages.propertyNames()) {
            JsonNode message = messages.get(name);
            Schema payload = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(whole(message.get("payload")));
            for (JsonNode example : message.path("examples")) {
                examples++;
                assertThat(payload.validate(example.get("payload")))
                        .as("%s: %s", name, example)
                        .isEmpty();
            }
        }
        assertThat(examples).isGreaterThan(30);
    }

    /** The schema with what it refers to inside it, where a validator looks. */
    private static JsonNode whole(JsonNode payload) {
        ObjectNode whole = ((ObjectNode) payload).deepCopy();
        whole.set("components", document.get("components"));
        return whole;
    }
}
