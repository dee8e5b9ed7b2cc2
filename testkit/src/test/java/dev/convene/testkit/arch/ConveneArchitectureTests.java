package dev.convene.testkit.arch;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConveneArchitectureTests {

    @Test
    void thisModuleFollowsTheArchitecture() {
        ConveneArchitecture.verify(getClass());
    }

    @Test
    void everyRuleIsApplied() throws IllegalAccessException {
        List<ArchRule> applied = new ArrayList<>(ConveneArchitecture.MAIN_RULES);
        applied.addAll(ConveneArchitecture.TEST_RULES);

        for (Class<?> rules :
                List.of(CoreRules.class, ShardRules.class, BoundaryRules.class, CodeRules.class, TestRules.class)) {
            for (Field field : Arrays.stream(rules.getDeclaredFields())
                    .filter(field -> Modifier.isPublic(field.getModifiers()))
                    .toList()) {
                assertThat(applied).as(field.getName()).contains((ArchRule) field.get(null));
            }
        }
    }

    @Test
    void everyRuleSaysWhy() {
        assertThat(ConveneArchitecture.MAIN_RULES)
                .allSatisfy(rule -> assertThat(rule.getDescription()).contains("because"));
        assertThat(ConveneArchitecture.TEST_RULES)
                .allSatisfy(rule -> assertThat(rule.getDescription()).contains("because"));
    }
}
