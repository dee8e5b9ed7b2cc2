package dev.convene.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.convene.protocol.Content;
import dev.convene.protocol.ConveneException;
import dev.convene.protocol.ErrorCode;
import dev.convene.protocol.Limits;
import dev.convene.protocol.ServiceLevel;
import dev.convene.protocol.value.Encoding;
import dev.convene.protocol.value.Value;
import dev.convene.protocol.value.Value.MapValue;
import dev.convene.protocol.value.ValueReader;
import dev.convene.protocol.value.ValueWriter;
import dev.convene.protocol.value.Wire;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A refused field is named, the refusal carries the id, and it is the same on every surface. */
class FieldRefusalTests {
    private static final FrameCodec JSON = FrameCodec.json(Limits.DEFAULT);
    private static final FrameCodec CBOR = FrameCodec.cbor(Limits.DEFAULT);
    private static final Wire JSON_WIRE = Wire.of(Encoding.JSON, 64);
    private static final Wire CBOR_WIRE = Wire.of(Encoding.CBOR, 64);

    // Without those that are a map in JSON only: bytes and large integers.
    private static final List<Value> KINDS = List.of(
            Value.NULL,
            Value.Bool.TRUE,
            new Value.Int(-1),
            new Value.Int(1L << 53),
            new Value.Dec(0.5),
            new Value.Str(""),
            new Value.Str("a b\n#,"),
            new Value.Str("x".repeat(1000)),
            new Value.ListValue(List.of()),
            new Value.ListValue(List.of(new Value.Int(1))),
            new Value.ListValue(List.of(new Value.Str("a b"))),
            new Value.MapValue(Map.of()),
            new Value.MapValue(Map.of("x", new Value.ListValue(List.of()))));

    static List<Golden> samples() {
        return Golden.in("client");
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFieldRefusesWrongKindsByItsName(Golden sample) {
        MapValue frame = (MapValue) ValueReader.parse(JSON_WIRE, sample.json());
        for (MapValue mutant : mutants(frame)) {
            byte[] json = ValueWriter.toBytes(JSON_WIRE, mutant);
            Throwable fromJson = catchThrowable(() -> JSON.decode(json));
            Throwable fromCbor = catchThrowable(() -> CBOR.decode(ValueWriter.toBytes(CBOR_WIRE, mutant)));
            if (fromJson == null) {
                assertThat(fromCbor).as("%s", mutant).isNull();
                continue;
            }
            assertThat(fromJson).isInstanceOf(ConveneException.class);
            assertThat(fromCbor).as("%s", mutant).isInstanceOf(ConveneException.class);
            assertThat(facts((ConveneException) fromCbor)).isEqualTo(facts((ConveneException) fromJson));
            assertThat(((ConveneException) fromJson).field())
                    .as(new String(json, StandardCharsets.UTF_8))
                    .isNotBlank();
        }
    }

    private static List<Object> facts(ConveneException e) {
        return List.of(e.code(), String.valueOf(e.field()), e.message(), e.requestId());
    }

    /** The map with one value, at any depth, replaced by another kind. */
    private static List<MapValue> mutants(MapValue map) {
        List<MapValue> mutants = new ArrayList<>();
        map.entries().forEach((key, value) -> {
            List<Value> others = new ArrayList<>(KINDS);
            if (value instanceof MapValue inner && !key.equals("body") && !key.equals("presence")) {
                others.addAll(mutants(inner));
            }
            for (Value other : others) {
                Map<String, Value> entries = new LinkedHashMap<>(map.entries());
                entries.put(key, other);
                mutants.add(new MapValue(entries));
            }
        });
        return mutants;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'id':7,'fly':{}}                                             | UNKNOWN_OPERATION    | fly                  | 7",
                "{'fly':{'a':[1,{'b':2}]},'id':7}                              | UNKNOWN_OPERATION    | fly                  | 7",
                "{'id':0,'ping':{}}                                            | BAD_FIELD            | id                   | 0",
                "{'id':-1,'ping':{}}                                           | BAD_FIELD            | id                   | 0",
                "{'id':9007199254740992,'ping':{}}                             | BAD_FIELD            | id                   | 0",
                "{'id':1.0,'ping':{}}                                          | BAD_FIELD            | id                   | 0",
                "{'id':'7','ping':{}}                                          | BAD_FIELD            | id                   | 0",
                "{'id':100000000000000000000000,'ping':{}}                     | BAD_FIELD            | id                   | 0",
                "{'ping':[],'id':7}                                            | BAD_FIELD            | ping                 | 7",
                "{'ping':null,'id':7}                                          | BAD_FIELD            | ping                 | 7",
                "{'connect':{'name':'a b'},'id':7}                             | ILLEGAL_NAME         | connect.name         | 7",
                "{'connect':{'name':5},'id':7}                                 | BAD_FIELD            | connect.name         | 7",
                "{'connect':{'name':''},'id':7}                                | ILLEGAL_NAME         | connect.name         | 7",
                "{'connect':{'name':'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'}}      | ILLEGAL_NAME         | connect.name         | 0",
                "{'connect':{'name':'é'}}                                      | ILLEGAL_NAME         | connect.name         | 0",
                "{'resume':{'token':'t'}}                                      | MISSING_FIELD        | resume.session       | 0",
                "{'resume':{'session':'s'}}                                    | MISSING_FIELD        | resume.token         | 0",
                "{'resume':{'session':'s','token':'t','at':['x']}}             | BAD_POSITION         | resume.at            | 0",
                "{'seen':{}}                                                   | MISSING_FIELD        | seen.at              | 0",
                "{'receive':{'wait':30001}}                                    | BAD_FIELD            | receive.wait         | 0",
                "{'receive':{'limit':0}}                                       | BAD_FIELD            | receive.limit        | 0",
                "{'join':{},'id':7}                                            | MISSING_FIELD        | join.group           | 7",
                "{'join':{'group':'#a#b'},'id':7}                              | PRIVATE_GROUP        | join.group           | 7",
                "{'leave':{'group':'a,b'},'id':7}                              | ILLEGAL_GROUP_NAME   | leave.group          | 7",
                "{'join':{'group':'/a'},'id':7}                                | ILLEGAL_GROUP_NAME   | join.group           | 7",
                "{'join':{'group':'a','queue':'q q'}}                          | ILLEGAL_QUEUE_NAME   | join.queue           | 0",
                "{'join':{'group':'a','history':{'last':1,'since':2}}}         | BAD_FIELD            | join.history.since   | 0",
                "{'join':{'group':'a','history':{'from':'x'}}}                 | BAD_POSITION         | join.history.from    | 0",
                "{'join':{'group':'a','seq':0}}                                | BAD_FIELD            | join.seq             | 0",
                "{'join':{'group':'a','presence':{'$any':true}}}               | BAD_VALUE            | join.presence        | 0",
                "{'multicast':{'service':'fifo','body':1}}                     | NO_TARGET            | multicast.groups     | 0",
                "{'multicast':{'groups':[],'service':'fifo','body':1}}         | NO_TARGET            | multicast.groups     | 0",
                "{'multicast':{'groups':['a','b c'],'service':'fifo'}}         | ILLEGAL_GROUP_NAME   | multicast.groups[1]  | 0",
                "{'multicast':{'groups':['#a'],'service':'fifo'}}              | ILLEGAL_GROUP_NAME   | multicast.groups[0]  | 0",
                "{'multicast':{'groups':['a',5],'service':'fifo'}}             | BAD_FIELD            | multicast.groups[1]  | 0",
                "{'multicast':{'group':'a','groups':['b'],'service':'fifo'}}   | BAD_FIELD            | multicast.groups     | 0",
                "{'multicast':{'group':'a','body':1}}                          | ILLEGAL_SERVICE      | multicast.service    | 0",
                "{'multicast':{'group':'a','service':null,'body':1}}           | ILLEGAL_SERVICE      | multicast.service    | 0",
                "{'multicast':{'group':'a','service':'FIFO','body':1}}         | ILLEGAL_SERVICE      | multicast.service    | 0",
                "{'multicast':{'group':'a','service':['fifo','safe']}}         | ILLEGAL_SERVICE      | multicast.service    | 0",
                "{'multicast':{'group':'a','service':'fifo safe','body':1}}    | ILLEGAL_SERVICE      | multicast.service    | 0",
                "{'multicast':{'group':'a','service':'fifo'}}                  | MISSING_FIELD        | multicast.body       | 0",
                "{'multicast':{'group':'a','service':'fifo','type':32768}}     | ILLEGAL_MESSAGE_TYPE | multicast.type       | 0",
                "{'multicast':{'group':'a','service':'fifo','type':-32769}}    | ILLEGAL_MESSAGE_TYPE | multicast.type       | 0",
                "{'multicast':{'group':'a','service':'fifo','type':'1'}}       | ILLEGAL_MESSAGE_TYPE | multicast.type       | 0",
                "{'multicast':{'group':'a','service':'fifo','key':''}}         | BAD_FIELD            | multicast.key        | 0",
                "{'multicast':{'group':'a','service':'fifo','key':'a b'}}      | BAD_FIELD            | multicast.key        | 0",
                "{'multicast':{'group':'a','service':'fifo','replyTo':'#'}}    | ILLEGAL_GROUP_NAME   | multicast.replyTo    | 0",
                "{'multicast':{'group':'a','service':'fifo','body':{'$x':1}}}  | BAD_VALUE            | multicast.body       | 0",
                "{'multicast':{'group':'a','service':'fifo','body':[1e999]}}   | BAD_VALUE            | multicast.body[0]    | 0",
                "{'multicast':{'group':'a','body':{'a':{'$bytes':'?'}}},'id':3}| BAD_VALUE            | multicast.body.a     | 3",
                "{'request':{'group':'a','service':'fifo','body':1,'timeoutMs':0}} | BAD_FIELD        | request.timeoutMs    | 0",
                "{'reply':{'to':'lobby','correlation':'c','body':1}}           | ILLEGAL_GROUP_NAME   | reply.to             | 0",
                "{'reply':{'correlation':'c','body':1}}                        | MISSING_FIELD        | reply.to             | 0",
                "{'reply':{'to':'#a#b','body':1}}                              | MISSING_FIELD        | reply.correlation    | 0",
                "{'ack':{'group':'g'}}                                         | MISSING_FIELD        | ack.at               | 0",
                "{'members':{'group':'g','view':'x'}}                          | BAD_POSITION         | members.view         | 0",
                "{'members':{'group':'g','limit':1001}}                        | BAD_FIELD            | members.limit        | 0",
                "{'history':{'group':'g','from':'d:e:1','last':2}}             | BAD_FIELD            | history.last         | 0",
                "{'settings':{'group':'g','historyMs':-1}}                     | BAD_FIELD            | settings.historyMs   | 0"
            })
    void theRefusalNamesErrorFieldAndId(String frame, ErrorCode code, String field, long id) {
        ConveneException refusal = catchThrowableOfType(
                ConveneException.class,
                () -> JSON.decode(frame.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        assertThat(refusal).as("%s", frame).isNotNull();
        assertThat(refusal.code()).isEqualTo(code);
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal.requestId()).isEqualTo(id);
    }

    @Test
    void theFieldsAloneAreRefusedLikeTheFrame() {
        String fields = "{\"groups\":[\"a\",\"b c\"],\"service\":\"fifo\",\"body\":1}";
        ConveneException alone = catchThrowableOfType(
                ConveneException.class,
                () -> JSON.decodeOperation("multicast", fields.getBytes(StandardCharsets.UTF_8)));
        ConveneException framed = catchThrowableOfType(
                ConveneException.class,
                () -> JSON.decode(("{\"multicast\":" + fields + "}").getBytes(StandardCharsets.UTF_8)));
        assertThat(facts(alone)).isEqualTo(facts(framed));
    }

    @Test
    void limitsAreExact() {
        Limits small = limits(100, 5);
        FrameCodec json = FrameCodec.json(small);
        FrameCodec cbor = FrameCodec.cbor(small);
        for (FrameCodec codec : List.of(json, cbor)) {
            for (Body fits : List.of(Body.ofText("é".repeat(50)), Body.ofBytes(new byte[100]), list(50))) {
                ClientFrame frame = frame(List.of("a", "b", "c", "d", "e"), fits);
                assertThat(codec.decode(codec.encode(frame))).isEqualTo(frame);
            }
            for (Body over : List.of(Body.ofText("x".repeat(101)), Body.ofBytes(new byte[101]), list(51))) {
                ConveneException refusal = catchThrowableOfType(
                        ConveneException.class, () -> codec.decode(codec.encode(frame(List.of("a"), over))));
                assertThat(refusal.code()).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
                assertThat(refusal.field()).isEqualTo("multicast.body");
                assertThat(refusal.requestId()).isEqualTo(7);
            }
            ConveneException targets = catchThrowableOfType(
                    ConveneException.class,
                    () -> codec.decode(codec.encode(frame(List.of("a", "b", "c", "d", "e", "f"), list(1)))));
            assertThat(targets.code()).isEqualTo(ErrorCode.TOO_MANY_TARGETS);
            ClientFrame loud = new ClientFrame(7, new GroupOperation.Presence("g", Body.ofText("x".repeat(51))));
            ConveneException presence =
                    catchThrowableOfType(ConveneException.class, () -> codec.decode(codec.encode(loud)));
            assertThat(presence.code()).isEqualTo(ErrorCode.PRESENCE_TOO_LARGE);
        }
    }

    private static ClientFrame frame(List<String> groups, Body body) {
        return new ClientFrame(
                7, new GroupOperation.Multicast(groups, ServiceLevel.FIFO, 0, body, false, null, 0, null, null));
    }

    /** A list in JSON of twice this many bytes. */
    private static Body list(int half) {
        String json = half == 1 ? "[]" : "[" + "1,".repeat(half - 2) + "11]";
        return new Body(Content.JSON, json.getBytes(StandardCharsets.UTF_8));
    }

    private static Limits limits(int messageBytesMax, int groupsPerMessageMax) {
        Limits d = Limits.DEFAULT;
        return new Limits(
                d.frameBytesMax(),
                d.depthMax(),
                messageBytesMax,
                d.groupNameMax(),
                d.sessionNameMax(),
                groupsPerMessageMax,
                d.groupsPerSessionMax(),
                d.domainsPerSessionMax(),
                d.membersListedMax(),
                50,
                d.outstandingMax(),
                d.queuedBytesMax(),
                d.sessionsMax(),
                d.heartbeatMs(),
                d.silenceMs(),
                d.graceMs(),
                d.waitMsMax(),
                d.keyMax(),
                d.historyPageMax(),
                d.unacknowledgedMax(),
                d.framesPerSecondMax());
    }
}
