package dev.convene.systemtests.host;

import dev.convene.runtime.host.Instance;

/** A log of counters of a test's own. */
final class CounterLog implements AutoCloseable {
    private final HostedLog<CounterShard.Command> log;

    CounterLog(String bootstrapServers, String name) {
        this.log = new HostedLog<>(bootstrapServers, name);
    }

    String name() {
        return log.name();
    }

    String topic() {
        return log.topic();
    }

    Instance visitor(String instanceName) {
        return log.visitor(instanceName);
    }

    HostedLog.Member<CounterShard.Command> member(String instanceName) {
        return member(instanceName, false);
    }

    HostedLog.Member<CounterShard.Command> member(String instanceName, boolean exclusive) {
        return member(instanceName, exclusive, 1);
    }

    HostedLog.Member<CounterShard.Command> member(String instanceName, boolean exclusive, int behaviourMax) {
        return log.member(instanceName, exclusive, () -> new CounterShard(name(), behaviourMax));
    }

    TestGateway gateway(String gatewayName) {
        TestGateway gateway = log.closing(new TestGateway(this, visitor(gatewayName)));
        gateway.register();
        return gateway;
    }

    long endOf(int partition) {
        return log.endOf(partition);
    }

    /** What a member's replica has counted. */
    static long total(HostedLog.Member<CounterShard.Command> member, int partition, String counter) {
        return member.look(partition, machine -> ((CounterShard) machine.shard()).total(counter));
    }

    @Override
    public void close() throws Exception {
        log.close();
    }
}
