package dev.convene.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Qualified names: one spelling for each name of each tenant, and the way there and back. */
class TenantsTests {
    private static final int RUNS = 20_000;
    private static final String NAME_CHARS = "abyz019-_.!$%&*+:;<=>?@[]^`{|}~'\"\\()";

    @ParameterizedTest
    @ValueSource(strings = {"default", "acme", "a", "a-1", "abcdefghijklmnopqrstuvwxyz-01234"})
    void legalTenants(String name) {
        assertThat(Tenants.isTenantName(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1a",
                "-a",
                "A",
                "acmE",
                "a b",
                "a#",
                "a/b",
                "a.b",
                "a_b",
                "é",
                "abcdefghijklmnopqrstuvwxyz-012345"
            })
    void illegalTenants(String name) {
        assertThat(Tenants.isTenantName(name)).isFalse();
        assertThat(Tenants.isGroupName(name + "#room")).isFalse();
    }

    @Test
    void namesOfTheDefaultTenantStayBare() {
        String name = "room";
        assertThat(Tenants.qualify(Tenants.DEFAULT, name)).isSameAs(name);
        assertThat(Tenants.strip(name)).isSameAs(name);
        assertThat(Tenants.strip("#ann#g1")).isEqualTo("#ann#g1");
        assertThat(Tenants.qualifyKey(Tenants.DEFAULT, name)).isSameAs(name);
        At at = new At("default", "e", Position.of(1));
        assertThat(at.of(Tenants.DEFAULT)).isSameAs(at);
        assertThat(at.bare()).isSameAs(at);
    }

    @Test
    void theDefaultTenantIsNeverWritten() {
        assertThat(Tenants.isGroupName("default#room")).isFalse();
        assertThat(Tenants.isPrivateGroup("default##ann#g1")).isFalse();
        assertThat(Tenants.isSessionName("default#ann")).isFalse();
        assertThat(Tenants.isGroupName("defaults#room")).isTrue();
    }

    @Test
    void examplesOfQualifiedNames() {
        assertThat(Tenants.qualify("acme", "orders/new")).isEqualTo("acme#orders/new");
        assertThat(Tenants.qualify("acme", "#ann#g1")).isEqualTo("acme##ann#g1");
        assertThat(Tenants.privateGroup("acme#ann", "g1")).isEqualTo("acme##ann#g1");
        assertThat(Tenants.privateGroup("ann", "g1")).isEqualTo("#ann#g1");
        assertThat(Names.domainOf("acme#orders/new")).isEqualTo("acme#orders");
        assertThat(Names.domainOf("acme#room")).isEqualTo("acme#default");
        assertThat(Tenants.defaultDomainOf("acme##ann#g1")).isEqualTo("acme#default");
        assertThat(Tenants.isDefaultDomain("acme#default")).isTrue();
        assertThat(Tenants.isDefaultDomain("default")).isTrue();
        assertThat(Tenants.isDefaultDomain("acme#orders")).isFalse();
        assertThat(Tenants.isDefaultDomain("notdefault")).isFalse();
        assertThat(Tenants.isDefaultDomain("acme#notdefault")).isFalse();
        assertThat(new At("orders", "e", Position.of(1)).of("acme")).hasToString("acme#orders:e:1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"acme#", "acme##", "acme#a#b", "acme##ann", "acme#/a", "acme#a b", "#acme#room", "acme###ann#g1"
            })
    void illegalQualifiedNames(String name) {
        assertThat(Tenants.isGroupName(name)).isFalse();
        assertThatThrownBy(() -> Tenants.requireGroupName(name, "x")).isInstanceOf(ConveneException.class);
    }

    @Test
    void aPrivateGroupIsNamedAsSuchInTheRefusal() {
        assertThatThrownBy(() -> Tenants.requireGroupName("acme##ann#g1", "x"))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRIVATE_GROUP));
        assertThat(Tenants.requireGroupName("acme#room", "x")).isEqualTo("acme#room");
    }

    @Test
    void aNameGoesToItsTenantAndBack() {
        Seed.forEach(RUNS, random -> {
            String tenant = tenant(random);
            for (String bare : new String[] {group(random), privateGroup(random)}) {
                String qualified = Tenants.qualify(tenant, bare);
                assertThat(Tenants.strip(qualified)).isEqualTo(bare);
                assertThat(Tenants.strip(Tenants.strip(qualified))).isEqualTo(bare);
                assertThat(Tenants.tenantOf(qualified)).isEqualTo(tenant);
                assertThat(Tenants.isQualified(qualified)).isEqualTo(!tenant.equals(Tenants.DEFAULT));
                assertThat(Tenants.isPrivate(qualified)).isEqualTo(bare.startsWith("#"));
                assertThat(Tenants.isGroupName(qualified)).isEqualTo(Names.isGroupName(bare));
                assertThat(Tenants.isPrivateGroup(qualified)).isEqualTo(Names.isPrivateGroup(bare));
            }
        });
    }

    @Test
    void namesOfDifferentTenantsNeverMeet() {
        Seed.forEach(RUNS, random -> {
            String one = tenant(random);
            String other = tenant(random);
            boolean same = one.equals(other);
            String group = group(random);
            String key = group + (random.nextBoolean() ? "#" : "");
            assertThat(Tenants.qualify(one, group).equals(Tenants.qualify(other, group)))
                    .isEqualTo(same);
            assertThat(Tenants.areOfOne(Tenants.qualify(one, group), Tenants.qualify(other, privateGroup(random))))
                    .isEqualTo(same);
            assertThat(Tenants.areOfOne(Tenants.qualify(one, privateGroup(random)), Tenants.qualify(other, group)))
                    .isEqualTo(same);
            assertThat(Names.domainOf(Tenants.qualify(one, group))
                            .equals(Names.domainOf(Tenants.qualify(other, group))))
                    .isEqualTo(same);
            assertThat(Tenants.qualifyKey(one, key).equals(Tenants.qualifyKey(other, key)))
                    .isEqualTo(same);
        });
    }

    @Test
    void theDomainOfAQualifiedNameIsTheQualifiedDomain() {
        Seed.forEach(RUNS, random -> {
            String tenant = tenant(random);
            String group = group(random);
            String domain = Names.domainOf(Tenants.qualify(tenant, group));
            assertThat(domain).isEqualTo(Tenants.qualify(tenant, Names.domainOf(group)));
            assertThat(Tenants.isDomainName(domain)).isTrue();
            assertThat(Tenants.isDefaultDomain(domain))
                    .isEqualTo(Names.domainOf(group).equals(Names.DEFAULT_DOMAIN));
        });
    }

    @Test
    void noKeyOfAClientIsTheKeyOfAnotherTenant() {
        assertThat(Tenants.qualifyKey("acme", "k")).isNotEqualTo("acme#k").hasSize(6);
        assertThatThrownBy(() -> Names.requireKey(Tenants.qualifyKey("acme", "k"), "key"))
                .isInstanceOf(ConveneException.class);
        assertThat(Tenants.qualifyKey("a".repeat(Tenants.NAME_MAX), "k".repeat(Names.KEY_MAX)))
                .hasSize(Tenants.KEY_MAX);
    }

    @Test
    void noPositionOfAnotherTenantCanBeGiven() {
        assertThatThrownBy(() -> At.parse("acme#orders:e:1", "at"))
                .isInstanceOfSatisfying(
                        ConveneException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_POSITION));
    }

    private static String tenant(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> Tenants.DEFAULT;
            case 1 -> "defaul";
            default -> "a" + text(random, "abz019-", random.nextInt(3));
        };
    }

    private static String group(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> text(random, NAME_CHARS, 1 + random.nextInt(20));
            case 1 -> "default/" + text(random, NAME_CHARS, 1 + random.nextInt(20));
            default -> text(random, NAME_CHARS, 1 + random.nextInt(3)) + "/" + text(random, NAME_CHARS, 3);
        };
    }

    private static String privateGroup(Random random) {
        return Names.privateGroup(text(random, NAME_CHARS, 1 + random.nextInt(9)), text(random, NAME_CHARS, 3));
    }

    private static String text(Random random, String chars, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(chars.charAt(random.nextInt(chars.length())));
        }
        return text.toString();
    }
}
