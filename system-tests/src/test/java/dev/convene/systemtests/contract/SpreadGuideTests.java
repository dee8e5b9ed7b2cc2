package dev.convene.systemtests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convene.protocol.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide for Spread users has a row for everything that Spread 4.4 declares, and names errors as they are. */
class SpreadGuideTests {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern ERROR = Pattern.compile("(\\d{4}) `([a-z-]+)`");

    /** The names of sp.h and sp_func.h of Spread 4.4.0, but for those of the byte order of integers in C. */
    private static final String DECLARED = """
            SP_version SP_set_auth_method SP_set_auth_methods SP_connect SP_connect_timeout SP_disconnect SP_kill SP_join
            SP_leave SP_multicast SP_scat_multicast SP_multigroup_multicast SP_multigroup_scat_multicast SP_receive
            SP_scat_receive SP_get_memb_info SP_get_vs_sets_info SP_get_vs_set_members SP_scat_get_memb_info
            SP_scat_get_vs_sets_info SP_scat_get_vs_set_members SP_poll SP_equal_group_ids SP_error
            LOW_PRIORITY MEDIUM_PRIORITY HIGH_PRIORITY DEFAULT_SPREAD_PORT SPREAD_VERSION MAX_GROUP_NAME MAX_PRIVATE_NAME
            MAX_PROC_NAME MAX_CLIENT_SCATTER_ELEMENTS
            UNRELIABLE_MESS RELIABLE_MESS FIFO_MESS CAUSAL_MESS AGREED_MESS SAFE_MESS REGULAR_MESS SELF_DISCARD DROP_RECV
            REG_MEMB_MESS TRANSITION_MESS CAUSED_BY_JOIN CAUSED_BY_LEAVE CAUSED_BY_DISCONNECT CAUSED_BY_NETWORK
            MEMBERSHIP_MESS ENDIAN_RESERVED RESERVED REJECT_MESS Flip_int16 Flip_int32
            Is_unreliable_mess Is_reliable_mess Is_fifo_mess Is_causal_mess Is_agreed_mess Is_safe_mess Is_regular_mess
            Is_self_discard Is_reg_memb_mess Is_transition_mess Is_caused_join_mess Is_caused_leave_mess
            Is_caused_disconnect_mess Is_caused_network_mess Is_membership_mess Is_reject_mess Is_self_leave
            ACCEPT_SESSION ILLEGAL_SPREAD COULD_NOT_CONNECT REJECT_QUOTA REJECT_NO_NAME REJECT_ILLEGAL_NAME
            REJECT_NOT_UNIQUE REJECT_VERSION CONNECTION_CLOSED REJECT_AUTH ILLEGAL_SESSION ILLEGAL_SERVICE ILLEGAL_MESSAGE
            ILLEGAL_GROUP BUFFER_TOO_SHORT GROUPS_TOO_SHORT MESSAGE_TOO_LONG NET_ERROR_ON_SESSION SP_BUG
            mailbox service scat_element scatter group_id vs_set_info membership_info sp_time
            """;

    private static Stream<String> rows() throws IOException {
        return Files.readAllLines(TestSources.root().resolve("docs/guide/coming-from-spread.md")).stream()
                .filter(line -> line.startsWith("|"));
    }

    @Test
    void everyNameOfSpreadHasARow() throws IOException {
        Set<String> explained = rows().map(row -> row.split("\\|")[1])
                .flatMap(spread -> WORD.matcher(spread).results().map(word -> word.group()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(explained).contains(DECLARED.strip().split("\\s+"));
    }

    @Test
    void itsErrorsAreTheProductsOwn() throws IOException {
        assertThat(rows().flatMap(row -> ERROR.matcher(row).results()))
                .hasSizeGreaterThan(8)
                .allSatisfy(named -> {
                    ErrorCode error = ErrorCode.ofNumber(Integer.parseInt(named.group(1)));
                    assertThat(error).as(named.group()).isNotNull();
                    assertThat(named.group(2)).isEqualTo(error.wireName());
                });
    }
}
