using Xunit;

namespace Trapline.Machines.Tests.Scenarios;

/// <summary>One change of a valid file each: the whole error, with its place.</summary>
public sealed class ScenarioErrorTests : IDisposable
{
    private readonly ScenarioFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("seed: 7", "sed: 7", "4:1: error: unknown key 'sed'; did you mean 'seed'?")]
    [InlineData("  board:", "  borad:", "6:3: error: unknown key 'borad' in machine; did you mean 'board'?|6:3: error: the key 'board' is missing in machine; add it")]
    [InlineData("seed: 7", "wombats: 7", "4:1: error: unknown key 'wombats'; allowed here: name, description, seed, machine, machines, guest, costs, length, limits, perturb, matrix, faults, migrations, placement, expect")]
    [InlineData("seed: 7", "machines: []", "4:11: error: machines must be a mapping of keys to values, not a list; its keys are count, link")]
    [InlineData("seed: 7", "machines: {}", "4:11: error: the key 'count' is missing in machines; add it")]
    [InlineData("seed: 7", "machines: {count: 129}", "4:19: error: machines.count must be from 1 to 128, not '129'")]
    [InlineData("seed: 7", "machines: {count: 2, link: {latency: 0ns}}", "4:38: error: machines.link.latency must be at least 1ps, not '0ns', because nothing between two machines takes no time")]
    [InlineData("seed: 7", "machines: {count: 2, link: {latency: 2s}}", "4:38: error: machines.link.latency must be at most 1s, not 2s")]
    [InlineData("seed: 7", "machines: {count: 2, link: {latncy: 2us}}", "4:29: error: unknown key 'latncy' in machines.link; did you mean 'latency'?")]
    [InlineData("seed: 7", "machines: {count: 2}\nmigrations: []", "5:13: error: migrations is for a scenario with one machine; with machines none can leave its host: remove one of the two keys")]
    [InlineData("vcpus: 4\n", "vcpus: 4\n  hypervisor: none\nmachines: {count: 2}\n#", "9:1: error: machines needs VMs")]
    [InlineData("gap: 10us", "machines: 4", "13:5: error: 'machines' cannot be the name of a parameter in guest.parameters; it is the number of machines, which every guest knows")]
    [InlineData("seed: 7", "faults: x", "4:9: error: faults must be a list of plans, each after a dash; not 'x'")]
    [InlineData("seed: 7", "faults: [x]", "4:10: error: faults[0] must be a mapping of keys to values, not 'x'; its keys are kind, message, from, to, nth, by")]
    [InlineData("seed: 7", "faults: [{kind: drop}]", "4:10: error: the key 'message' is missing in faults[0]; add it|4:10: error: the key 'nth' is missing in faults[0]; add it")]
    [InlineData("seed: 7", "faults: [{kind: lose, message: LineChange, nth: 1}]", "4:17: error: faults[0].kind must be one of drop, delay, repeat, not 'lose'")]
    [InlineData("seed: 7", "faults: [{kind: drop, message: LineChnge, nth: 1}]", "4:32: error: faults[0].message must be one of Run,")]
    [InlineData("seed: 7", "faults: [{kind: drop, message: LineChange, from: ipj3, nth: 1}]", "4:50: error: faults[0].from must be an actor such as ipi3")]
    [InlineData("seed: 7", "faults: [{kind: drop, message: LineChange, to: vcpu256, nth: 1}]", "4:48: error: faults[0].to: there is no vcpu256; this machine has vcpu0 to vcpu255")]
    [InlineData("seed: 7", "faults: [{kind: drop, message: PinInput, to: eiointc1, nth: 1}]", "4:46: error: faults[0].to: there is no eiointc1; this machine has eiointc0")]
    [InlineData("seed: 7", "faults: [{kind: drop, message: LineChange, nth: 0}]", "4:49: error: faults[0].nth must be from 1 to 1000000000, not '0'")]
    [InlineData("seed: 7", "faults: [{kind: delay, message: LineChange, nth: 1}]", "4:10: error: a delay needs 'by'")]
    [InlineData("seed: 7", "faults: [{kind: drop, message: LineChange, nth: 1, by: 1ns}]", "4:56: error: 'by' is for delay and repeat")]
    [InlineData("seed: 7", "faults: [{kind: repeat, message: LineAnswer, nth: 1}]", "4:10: error: LineAnswer cannot come twice")]
    [InlineData("seed: 7", "perturb: {work: 60%}", "4:17: error: perturb.work must be a percentage from 0.0001% to 50%, such as 5%, with at most four decimals; not '60%'")]
    [InlineData("seed: 7", "perturb: {arrivals: 0.1}", "4:21: error: perturb.arrivals must be a percentage from 0.0001% to 50%, such as 5%, with at most four decimals; not '0.1'")]
    [InlineData("seed: 7", "perturb: {arrivals: 0.00001%}", "4:21: error: perturb.arrivals must be a percentage from 0.0001% to 50%, such as 5%, with at most four decimals; not '0.00001%'")]
    [InlineData("seed: 7", "perturb: {delays: 1.5ms}", "4:19: error: perturb.delays must be at most 1ms, not 1.5ms")]
    [InlineData("seed: 7", "perturb: {delay: 1ns}", "4:11: error: unknown key 'delay' in perturb; did you mean 'delays'?")]
    [InlineData("seed: 7", "perturb: {}", "4:10: error: perturb has no keys; add work, arrivals or delays, or remove perturb")]
    [InlineData("seed: 7", "placement: x", "4:12: error: placement must be a mapping of keys to values, not 'x'; its keys are policy, nodes, groupsPerNode, groups")]
    [InlineData("seed: 7", "placement: {policy: host, nodes: 33}", "4:34: error: placement.nodes must be from 1 to 32, not '33'")]
    [InlineData("seed: 7", "placement: {policy: packed}", "4:21: error: placement.policy must be one of spread, pack, host, explicit, traffic, not 'packed'; did you mean 'pack'?")]
    [InlineData("seed: 7", "placement: {policy: pack}", "4:12: error: the key 'groupsPerNode' is missing in placement; with policy: pack add it")]
    [InlineData("seed: 7", "placement: {policy: pack, groupsPerNode: 2}", "4:1: error: placement: 257 groups of the variant vcpus=256 pattern=one-to-all fill 129 nodes of 2 groups, but there are 32")]
    [InlineData("seed: 7", "placement: {policy: spread, groups: {board: 0}}", "4:29: error: placement.groups is for policy: explicit; remove it or take that policy")]
    [InlineData("seed: 7", "placement: {policy: explicit, nodes: 2, groups: {board: 2}}", "4:57: error: placement.groups.board must be from 0 to 1, not '2'")]
    [InlineData("seed: 7", "placement: {policy: explicit, groups: {baord: 1, '*': 0}}", "4:40: error: placement.groups: there is no group 'baord'; did you mean 'board'?")]
    [InlineData("seed: 7", "placement: {policy: explicit, groups: {board: 1, vcpu0: 0}}", "4:1: error: placement.groups has no node for the group vcpu1 of the variant vcpus=2 pattern=one-to-all; add it, or '*'")]
    [InlineData("seed: 7", "name: twice", "4:1: error: the key 'name' is given twice; the first is in line 2; remove one")]
    [InlineData("name: ipi-multicast", "seed: 7", "2:1: error: the key 'name' is missing; add it|4:1: error: the key 'seed' is given twice; the first is in line 2; remove one")]
    [InlineData("name: ipi-multicast", "name: IPI", "2:7: error: name must be lower-case letters, digits and dashes, at most 64, the first no dash; not 'IPI'")]
    [InlineData("name: ipi-multicast", "name:", "2:6: error: name has no value; give one or remove the key")]
    [InlineData("name: ipi-multicast", "name: [a]", "2:7: error: name must be a text, not a list")]
    [InlineData("seed: 7", "seed: abc", "4:7: error: seed must be a whole number from 0 to 18446744073709551615, not 'abc'")]
    [InlineData("seed: 7", "seed: 1.5", "4:7: error: seed must be a whole number from 0 to 18446744073709551615, not '1.5'")]
    [InlineData("seed: 7", "seed: -1", "4:7: error: seed must be from 0 to 18446744073709551615, not '-1'")]
    [InlineData("seed: 7", "seed: 18446744073709551616", "4:7: error: seed must be from 0 to 18446744073709551615, not '18446744073709551616'")]
    [InlineData("seed: 7", "seed: \"7\"", "4:7: error: seed must be a whole number from 0 to 18446744073709551615, not the text '7'; remove the quotes")]
    [InlineData("board: loongarch-virt", "board: longarch-virt", "6:10: error: machine.board must be one of loongarch-virt, arm-virt, not 'longarch-virt'; did you mean 'loongarch-virt'?")]
    [InlineData("profile: kvm", "profile: qemu", "8:12: error: machine.profile must be one of kvm, kvm-6.18, kvm-6.17, kvm-6.16, kvm-6.13, qemu-11, qemu-7.2, not 'qemu'")]
    [InlineData("profile: kvm", "profile: qemu-7.2", "21:14: error: matrix.vcpus is 256, but a machine with the profile qemu-7.2 has at most 4 CPUs; take fewer or another machine.profile")]
    [InlineData("vcpus: 4\n  profile: kvm", "vcpus: 5\n  profile: qemu-7.2", "7:10: error: machine.vcpus is 5, but a machine with the profile qemu-7.2 has at most 4 CPUs; take fewer or another machine.profile|21:14: error: matrix.vcpus is 256")]
    [InlineData("profile: kvm", "profile: kvm-6.15", "8:12: error: machine.profile must be one of kvm, kvm-6.18, kvm-6.17, kvm-6.16, kvm-6.13, qemu-11, qemu-7.2, not 'kvm-6.15'; did you mean")]
    [InlineData("vcpus: 4", "vcpus: 0", "7:10: error: machine.vcpus must be from 1 to 256, not '0'")]
    [InlineData("vcpus: 4", "vcpus: 257", "7:10: error: machine.vcpus must be from 1 to 256, not '257'")]
    [InlineData("vcpus: 4", "vcpus: 2.5", "7:10: error: machine.vcpus must be a whole number from 1 to 256, not '2.5'")]
    [InlineData("file: ipi.guest", "file: none.guest", "10:9: error: guest.file is 'none.guest': there is no such file; it is looked for in the scenario's folder")]
    [InlineData("file: ipi.guest", "file: costs", "10:9: error: guest.file is 'costs': that is a folder; name a file in it")]
    [InlineData("file: ipi.guest", "file: /dev/null", "10:9: error: guest.file must be a path relative to the scenario file, not '/dev/null'")]
    [InlineData("  file: ipi.guest\n", "", "10:3: error: the key 'file' is missing in guest; add it")]
    [InlineData("gap: 10us", "gap: fast", "13:10: error: guest.parameters.gap must be an integer or a duration, not 'fast'; for a word, write a mapping of words to numbers in matrix, such as pattern: {one-to-all: 0, all-to-all: 1}")]
    [InlineData("gap: 10us", "gap: 1500ps", "13:10: error: guest.parameters.gap must be whole nanoseconds, which is what a guest counts in, not '1500ps'")]
    [InlineData("gap: 10us", "gap: 9223372036854775808", "13:10: error: guest.parameters.gap must fit 64 bits with a sign, -9223372036854775808 to 9223372036854775807, not '9223372036854775808'")]
    [InlineData("gap: 10us", "gap: \"5\"", "13:10: error: guest.parameters.gap must be an integer or a duration, not the text '5'; remove the quotes")]
    [InlineData("gap: 10us", "vcpus: 4", "13:5: error: 'vcpus' cannot be the name of a parameter in guest.parameters; give the number of vCPUs as machine.vcpus")]
    [InlineData("gap: 10us", "a-b: 4", "13:5: error: 'a-b' cannot be the name of a parameter in guest.parameters; use letters, digits and _, at most 64, the first no digit")]
    [InlineData("costs: 3c5000", "costs: 3c500", "14:8: error: there is no cost profile '3c500' in the folder costs beside the scenario; did you mean '3c5000'?")]
    [InlineData("costs: 3c5000", "costs: ../x", "14:8: error: costs must be the name of a cost profile (letters, digits and - _ .) or a path ending in .yaml, not '../x'")]
    [InlineData("costs: 3c5000", "costs: x.yaml", "14:8: error: costs is 'x.yaml': there is no such file; it is looked for in the scenario's folder")]
    [InlineData("until: 100ms", "until: 0ns", "16:10: error: length.until must be at least 1ps, not '0ns'")]
    [InlineData("until: 100ms", "until: -5ns", "16:10: error: length.until must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not '-5ns'; a duration is never negative")]
    [InlineData("until: 100ms", "until: 100", "16:10: error: length.until must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not '100'; add a unit: 100ns")]
    [InlineData("until: 100ms", "until: 1.2345678ns", "16:10: error: length.until must be a duration: a number and ps, ns, us, ms or s, such as 25ns; not '1.2345678ns'")]
    [InlineData("smoke: 500us", "smoke: 1s", "17:10: error: length.smoke is 1s, longer than length.until, 100ms; smoke is the shorter run")]
    [InlineData("memory: 64MiB", "memory: 64MB", "19:11: error: limits.memory must be a number of bytes above 0, alone or with KiB, MiB, GiB or TiB, such as 64MiB; not '64MB'")]
    [InlineData("memory: 64MiB", "actors: 0", "19:11: error: limits.actors must be from 1 to 2147483647, not '0'")]
    [InlineData("vcpus: [2, 256]", "vcpus: [2, 257]", "21:14: error: matrix.vcpus must be from 1 to 256, not '257'")]
    [InlineData("vcpus: [2, 256]", "vcpus: [2, 2]", "21:14: error: matrix.vcpus has the value '2' twice; remove one")]
    [InlineData("vcpus: [2, 256]", "vcpus: []", "21:10: error: matrix.vcpus has no values; add one or remove the key")]
    [InlineData("vcpus: [2, 256]", "vcpus: 2", "21:10: error: matrix.vcpus must be a list such as [1, 2], or a mapping of words to numbers, not '2'")]
    [InlineData("vcpus: [2, 256]", "irqchip: [kernal]", "21:13: error: matrix.irqchip must be one of kernel, user, not 'kernal'; did you mean 'kernel'?")]
    [InlineData("vcpus: [2, 256]", "irqchip: [user, user]", "21:19: error: matrix.irqchip has the value 'user' twice; remove one")]
    [InlineData("vcpus: [2, 256]", "irqchip: user", "21:12: error: matrix.irqchip must be a list such as [kernel, user], not 'user'")]
    [InlineData("vcpus: [2, 256]", "irqchip: {u: user}", "21:12: error: matrix.irqchip must be a list such as [kernel, user], not a mapping")]
    [InlineData("vcpus: [2, 256]", "irqchip: {u: {irqchip: user}}", "21:3: error: 'irqchip' is a key of machine: its values are a list; an axis whose values are mappings has a name of its own, such as scheme")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {irqchp: user}}", "21:16: error: unknown key 'irqchp' in matrix.scheme.a; did you mean 'irqchip'?")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {round: 3}}", "21:16: error: unknown key 'round' in matrix.scheme.a; did you mean 'rounds'?")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {irqchip: usr}}", "21:25: error: matrix.scheme.a.irqchip must be one of kernel, user, not 'usr'; did you mean 'user'?")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {irqchip: user}, b: 3}", "21:35: error: matrix.scheme.b must be a mapping of keys to values, not '3'; its keys are vcpus, profile, hypervisor, irqchip, bigLock, msi, paravirt, interrupts, quirks, link, hosts, costs, migrations, rounds, gap")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {rounds: fast}}", "21:24: error: matrix.scheme.a.rounds must be an integer or a duration, not 'fast'")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {costs: {kickIdel: 1us}}}", "21:24: error: unknown key 'kickIdel' in matrix.scheme.a.costs; did you mean 'kickIdle'?")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {costs: {kickIdle: 49ns}}}", "21:34: error: matrix.scheme.a.costs.kickIdle is 49ns, under two latencies of paths.betweenGroups (25ns each), which it contains; raise it to at least 50ns or shorten the path")]
    [InlineData("vcpus: [2, 256]", "scheme: {a: {costs: {instruction: 0ns}}}", "21:37: error: matrix.scheme.a.costs.instruction must be at least 1ps, not '0ps'")]
    [InlineData("vcpus: [2, 256]", "irqchip: [user]\n  scheme: {a: {irqchip: user}}", "22:3: error: matrix.scheme varies 'irqchip', which matrix.irqchip varies already; remove one")]
    [InlineData("vcpus: [2, 256]", "profile: [kvm, qemu-7.2]\n  vcpus: [4, 5]", "21:3: error: vcpus of the variant profile=qemu-7.2 vcpus=5 pattern=one-to-all is 5, but a machine with the profile qemu-7.2 has at most 4 CPUs; take fewer or another machine.profile|21:3")]
    [InlineData("gap: 10us", "irqchip: 4", "13:5: error: 'irqchip' cannot be the name of a parameter in guest.parameters; it is a key of machine: machine.irqchip")]
    [InlineData("{one-to-all: 0, all-to-all: 1}", "[one-to-all]", "22:13: error: matrix.pattern must be an integer or a duration, not 'one-to-all'; for a word, write a mapping of words to numbers in matrix, such as pattern: {one-to-all: 0, all-to-all: 1}")]
    [InlineData("{one-to-all: 0,", "{\"one to all\": 0,", "22:13: error: 'one to all' cannot name a choice of matrix.pattern; use letters, digits and _ . + -, at most 64")]
    [InlineData("endReason ==", "endRaeson ==", "25:5: error: unknown name 'endRaeson'; did you mean 'endReason'?")]
    [InlineData("(vcpus - 1) * rounds", "(vcpus - 1) * round", "24:50: error: unknown name 'round'; did you mean 'rounds'?")]
    [InlineData("- endReason == \"exit\"", "- [1]", "25:5: error: an expectation is a text, not a list")]
    public void Each_error_has_its_place_and_its_remedy(string from, string to, string expected)
    {
        Assert.Contains(from, ScenarioFolder.Valid, StringComparison.Ordinal);
        var text = ScenarioFolder.Valid.ReplaceLineEndings("\n");
        var at = text.IndexOf(from, StringComparison.Ordinal);

        var errors = _folder.Errors(text[..at] + to + text[(at + from.Length)..]);

        var wanted = expected.Split('|');
        Assert.Equal(wanted.Length, errors.Length);
        Assert.All(wanted.Zip(errors), pair => Assert.StartsWith(pair.First, pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void All_errors_are_reported_in_the_order_of_the_file()
    {
        var errors = _folder.Errors("""
            name: IPI
            sed: 1
            machine: {board: loongarch-virt, vcpus: 0}
            guest: {file: ipi.guest, parameters: {rounds: x}}
            costs: none
            length: {until: 0s}
            expect: ["rounds ="]
            """);

        Assert.Equal(["1:7", "2:1", "3:41", "4:47", "5:8", "6:17", "7:18"], errors.Select(error => error[..error.IndexOf(": error", StringComparison.Ordinal)]));
    }

    [Fact]
    public void Errors_of_the_cost_profile_name_its_own_file()
    {
        var costs = _folder.PathOf("costs", "3c5000.yaml");
        File.WriteAllText(costs, File.ReadAllText(costs).Replace("symbol: E\n", "symbl: E\n", StringComparison.Ordinal));

        var errors = _folder.Errors(ScenarioFolder.Valid);

        Assert.Equal(2, errors.Length);
        Assert.All(errors, error => Assert.StartsWith(Path.Combine("costs", "3c5000.yaml") + ":", error, StringComparison.Ordinal));
        Assert.EndsWith("unknown key 'symbl' in costs.hypercall; did you mean 'symbol'?", errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Vcpus_in_neither_machine_nor_matrix_are_missing()
    {
        var text = ScenarioFolder.Valid.Replace("  vcpus: 4\n", "", StringComparison.Ordinal);
        Assert.Empty(_folder.Load(text).Errors);

        var errors = _folder.Errors(text.Replace("  vcpus: [2, 256]\n", "", StringComparison.Ordinal));

        Assert.Equal(["6:3: error: the key 'vcpus' is missing in machine; add it, or a list of them as matrix.vcpus"], errors);
    }

    [Fact]
    public void More_than_1000_variants_are_refused()
    {
        var many = string.Join(", ", Enumerable.Range(0, 251));

        var errors = _folder.Errors(ScenarioFolder.Valid.Replace("pattern: {one-to-all: 0, all-to-all: 1}", $"pattern: {{a: 0, b: 1}}\n  n: [{many}]", StringComparison.Ordinal));

        Assert.Equal(["23:3: error: with 'n' the matrix has 1004 variants; at most 1000 are allowed; remove values or split the scenario"], errors);
    }

    [Fact]
    public void A_wrong_line_of_a_folded_expectation_is_placed_by_character()
    {
        var errors = _folder.Errors(ScenarioFolder.Valid.Replace("- endReason == \"exit\"", "- >-\n      vcpus >\n      0 = 1", StringComparison.Ordinal));

        Assert.Equal(["25:5: error: at character 11 of the expression: '=' does not belong in an expression; equality is =="], errors);
    }
}
