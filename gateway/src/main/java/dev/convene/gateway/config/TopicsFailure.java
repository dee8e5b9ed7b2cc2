package dev.convene.gateway.config;

import dev.convene.runtime.host.log.TopicsException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A start that fails for want of its topics says so in two sentences, not in a stack trace. */
final class TopicsFailure extends AbstractFailureAnalyzer<TopicsException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, TopicsException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.advice(), cause);
    }
}
