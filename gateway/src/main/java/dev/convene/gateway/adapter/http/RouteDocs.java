package dev.convene.gateway.adapter.http;

import static org.springdoc.core.fn.builders.apiresponse.Builder.responseBuilder;
import static org.springdoc.core.fn.builders.content.Builder.contentBuilder;
import static org.springdoc.core.fn.builders.parameter.Builder.parameterBuilder;
import static org.springdoc.core.fn.builders.requestbody.Builder.requestBodyBuilder;
import static org.springdoc.core.fn.builders.schema.Builder.schemaBuilder;
import static org.springdoc.core.fn.builders.securityrequirement.Builder.securityRequirementBuilder;

import dev.convene.protocol.frame.Problem;
import dev.convene.protocol.value.Encoding;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import org.springdoc.core.fn.builders.operation.Builder;

/** How the parts of an address are described. */
final class RouteDocs {
    private static final String SCHEMAS = "#/components/schemas/";

    private RouteDocs() {}

    /** An operation that answers 200 with a schema, or a problem. */
    static Builder operation(Builder operation, String id, String tag, String summary, String answer) {
        return operation
                .operationId(id)
                .tag(tag)
                .summary(summary)
                .response(responseBuilder()
                        .responseCode("200")
                        .description("Done")
                        .content(content(Encoding.JSON.mediaType(), answer))
                        .content(content(Encoding.CBOR.mediaType(), answer)))
                .response(problem());
    }

    /** The session in the address and its token. */
    static Builder ofSession(Builder operation) {
        return operation
                .security(securityRequirementBuilder().name("session"))
                .parameter(parameterBuilder()
                        .name("session")
                        .in(ParameterIn.PATH)
                        .required(true)
                        .description("The session's id from the answer to connect")
                        .schema(schemaBuilder().type("string")));
    }

    static Builder body(Builder operation, String fields, boolean required) {
        return operation.requestBody(requestBodyBuilder()
                .required(required)
                .content(content(Encoding.JSON.mediaType(), fields))
                .content(content(Encoding.CBOR.mediaType(), fields)));
    }

    static Builder query(Builder operation, String name, String schema, boolean required, String description) {
        return operation.parameter(parameterBuilder()
                .name(name)
                .in(ParameterIn.QUERY)
                .required(required)
                .description(description)
                .schema(schemaBuilder().ref(SCHEMAS + schema)));
    }

    static Builder header(Builder operation, String name, String description) {
        return operation.parameter(parameterBuilder()
                .name(name)
                .in(ParameterIn.HEADER)
                .required(false)
                .description(description)
                .schema(schemaBuilder().type("string")));
    }

    static org.springdoc.core.fn.builders.content.Builder content(String mediaType, String schema) {
        return contentBuilder().mediaType(mediaType).schema(schemaBuilder().ref(SCHEMAS + schema));
    }

    static org.springdoc.core.fn.builders.apiresponse.Builder problem() {
        return responseBuilder()
                .responseCode("default")
                .description("Refused: problem details of RFC 9457. Temporary ones carry Retry-After.")
                .content(content(Problem.MEDIA_TYPE, "Problem"));
    }
}
