package dev.convene.testkit.arch;

import static dev.convene.testkit.arch.Planted.pair;
import static dev.convene.testkit.arch.Planted.requireEachFound;
import static dev.convene.testkit.arch.Planted.requireNoneFound;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class BoundaryRulesTests {

    @Test
    void anAdapterThatKnowsAnother_isFound() throws IOException {
        requireEachFound(
                BoundaryRules.ADAPTERS_DO_NOT_KNOW_EACH_OTHER,
                pair("dev.convene.gateway.adapter.ws", "dev.convene.gateway.adapter.kafka"),
                pair("dev.convene.gateway.adapter.ws.frame", "dev.convene.gateway.adapter.http.page"),
                pair("dev.convene.groupservice.adapter.http", "dev.convene.groupservice.adapter.log"));
    }

    @Test
    void anAdapterThatKnowsTheCoreOrItsOwnParts_isAccepted() throws IOException {
        requireNoneFound(
                BoundaryRules.ADAPTERS_DO_NOT_KNOW_EACH_OTHER,
                pair("dev.convene.gateway.adapter.ws", "dev.convene.gateway.core"),
                pair("dev.convene.gateway.adapter.ws", "dev.convene.gateway.adapter.ws.frame"),
                pair("dev.convene.gateway.config", "dev.convene.gateway.adapter.ws"));
    }

    @Test
    void whoeverKnowsAServiceThatItIsNotPartOf_isFound() throws IOException {
        requireEachFound(
                BoundaryRules.SERVICES_DO_NOT_KNOW_EACH_OTHER,
                pair("dev.convene.gateway.core", "dev.convene.groupservice.core"),
                pair("dev.convene.groupservice", "dev.convene.gateway"),
                pair("dev.convene.tuplespaceservice.core", "dev.convene.workerservice.core"),
                pair("dev.convene.runtime.host", "dev.convene.gateway.core"),
                pair("dev.convene.group", "dev.convene.groupservice"));
    }

    @Test
    void whatPutsServicesTogetherAndTheServiceItself_areAccepted() throws IOException {
        requireNoneFound(
                BoundaryRules.SERVICES_DO_NOT_KNOW_EACH_OTHER,
                pair("dev.convene.standalone", "dev.convene.gateway"),
                pair("dev.convene.systemtests.faults", "dev.convene.groupservice.core"),
                pair("dev.convene.gateway.config", "dev.convene.gateway.core"),
                pair("dev.convene.gateway.core", "dev.convene.group"));
    }

    @Test
    void aProtocolThatKnowsAFramework_isFound() throws IOException {
        String protocol = "dev.convene.protocol.frame";
        requireEachFound(
                BoundaryRules.PROTOCOL_HAS_NO_FRAMEWORK,
                pair(protocol, "org.springframework.core"),
                pair(protocol, "org.apache.kafka.common"),
                pair(protocol, "io.netty.buffer"),
                pair(protocol, "tools.jackson.databind"),
                pair(protocol, "org.slf4j.spi"),
                pair(protocol, "dev.convene.runtime"));
    }

    @Test
    void aProtocolThatKnowsStreamingCodecs_isAccepted() throws IOException {
        String protocol = "dev.convene.protocol.frame";
        requireNoneFound(
                BoundaryRules.PROTOCOL_HAS_NO_FRAMEWORK,
                pair(protocol, "tools.jackson.core.json"),
                pair(protocol, "tools.jackson.dataformat.cbor"),
                pair(protocol, "dev.convene.protocol.value"));
    }
}
