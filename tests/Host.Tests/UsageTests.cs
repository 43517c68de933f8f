using Xunit;

namespace Trapline.Host.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("rnu", "trapline has no command 'rnu'; did you mean 'run'?")]
    [InlineData("run x.yaml --sede 1", "trapline run has no option '--sede'; did you mean '--seed'?")]
    [InlineData("run x.yaml --seed=-1", "--seed is '-1'; it must be a whole number from 0 to 18446744073709551615, or hexadecimal after 0x")]
    [InlineData("run", "trapline run needs FILE, or --restore with the id of a checkpoint")]
    [InlineData("run a.yaml b.yaml", "'b.yaml' is one argument too many for trapline run")]
    [InlineData("run x.yaml --threads 65", "--threads is '65'; it must be a whole number from 1 to 64")]
    [InlineData("run x.yaml --threads 0", "--threads is '0'; it must be a whole number from 1 to 64")]
    [InlineData("run x.yaml --nodes 33", "--nodes is '33'; it must be a whole number from 1 to 32")]
    [InlineData("run x.yaml --nodes 0", "--nodes is '0'; it must be a whole number from 1 to 32")]
    [InlineData("run x.yaml --nodes 2 --placement pakc", "--placement is 'pakc'; did you mean 'pack'?; it must be one of spread, pack, host, explicit, traffic")]
    [InlineData("run x.yaml --placement pack", "--placement is for runs on several nodes: add --cluster or --nodes, or leave it out")]
    [InlineData("run x.yaml --checkpoint-interval 2s", "--checkpoint-interval is for runs on several nodes: add --cluster or --nodes, or use --checkpoint-every, a virtual time")]
    [InlineData("run x.yaml --detach", "--detach leaves a run to a cluster: add --cluster URL; 'trapline cluster up' starts one on this machine")]
    [InlineData("run x.yaml --nodes 2 --detach", "--detach and --nodes 2 cannot be had at once: these processes end with this command: start a cluster with 'trapline cluster up' and add --cluster")]
    [InlineData("run x.yaml --cluster sqlite:c.db --threads 2", "--threads and --cluster cannot be had at once: each node has its own: say it to 'trapline node' or 'trapline cluster up'")]
    [InlineData("run x.yaml --cluster sqlite:c.db --detach --out a", "--out and --cluster cannot be had at once: with --detach nothing is written: say --out to 'trapline runs attach'")]
    [InlineData("run x.yaml --nodes 2 --checkpoint-every 1ms", "--checkpoint-every and --nodes 2 cannot be had at once: it names virtual times of a run that one process holds: use --checkpoint-interval, a wall time, or --nodes 1 without --cluster")]
    [InlineData("run x.yaml --cluster sqlite:c.db --restore 0123", "--restore and --cluster cannot be had at once: a run is carried on by one process: leave --cluster out, results do not depend on it")]
    [InlineData("cluster", "trapline cluster needs a command: up or down or status")]
    [InlineData("cluster up --nodes 33", "--nodes is '33'; it must be a whole number from 1 to 32")]
    [InlineData("cluster down --dir nowhere", "no cluster was started in nowhere; name the folder of 'cluster up' with --dir")]
    [InlineData("cluster status --cluster sqlite:nowhere.db", "there is no cluster in nowhere.db: 'trapline cluster up' starts one, and 'trapline node --cluster URL' adds a node")]
    [InlineData("cluster status --cluster mysql://x", "there is no store of the kind 'mysql://'; it must be a path, sqlite:PATH or postgresql://user@host:port/database")]
    [InlineData("runs", "trapline runs needs a command: list or attach or stop or drain or resume or log")]
    [InlineData("runs attach first", "'first' is no number of a run; 'trapline runs list' shows them")]
    [InlineData("runs stop", "trapline runs stop needs RUN")]
    [InlineData("migrate here --cluster sqlite:nowhere.db", "there is no cluster in nowhere.db: 'trapline cluster up' starts one, and 'trapline node --cluster URL' adds a node")]
    [InlineData("run x.yaml --until 10", "--until is '10'; it must be a number and ps, ns, us, ms or s, such as 10ms or 1.5us")]
    [InlineData("run x.yaml --window 0ns", "--window is 0ps; it must be longer than 0")]
    [InlineData("run x.yaml --vcd a --trace a", "--trace and --vcd are both 'a'; each needs a file of its own")]
    [InlineData("run x.yaml --trace x.yaml", "--trace 'x.yaml' would overwrite what a run reads: a scenario, guest, cost profile or journal; name another file")]
    [InlineData("run x.yaml --vcd guests/lib/ipi.inc.guest", "--vcd 'guests/lib/ipi.inc.guest' would overwrite what a run reads: a scenario, guest, cost profile or journal; name another file")]
    [InlineData("run x.yaml --vcd ./x.yaml", "--vcd './x.yaml' would overwrite what a run reads: a scenario, guest, cost profile or journal; name another file")]
    [InlineData("run x.yaml --trace a --nodes 2", "--trace and --nodes 2 cannot be had at once: it shows the whole machine, and each process has a part of it: leave --nodes out, results do not depend on it")]
    [InlineData("run x.yaml --vcd a --nodes 2", "--vcd and --nodes 2 cannot be had at once: it shows the whole machine, and each process has a part of it: leave --nodes out, results do not depend on it")]
    [InlineData("run x.yaml --trace text:", "--trace is 'text:'; the name of the file is missing behind the colon")]
    [InlineData("run x.yaml --json --details", "--details is about text; --json always has every variant in full: leave one of them out")]
    [InlineData("validate", "trapline validate needs FILE, or --schema")]
    [InlineData("validate x.yaml --vcpus 4", "--vcpus is for a guest (.guest); a scenario says itself how many vCPUs it has")]
    [InlineData("validate x.guest --vcpus 513", "--vcpus is '513'; it must be a whole number from 1 to 512")]
    [InlineData("new", "trapline new needs a command: scenario or guest")]
    [InlineData("new scenario", "trapline new scenario needs NAME")]
    [InlineData("new scenario x --board arm-vrt", "there is no board 'arm-vrt'; did you mean 'arm-virt'?; there are loongarch-virt and arm-virt")]
    [InlineData("new scenario ../x", "'../x' is no name for a scenario: use lower-case letters, digits and dashes, at most 64, the first no dash")]
    [InlineData("costs", "trapline costs needs a command: list or show")]
    [InlineData("snapshot", "trapline snapshot needs a command: list or show or diff or export or import or verify or prune")]
    [InlineData("costs show", "trapline costs show needs PROFILE")]
    [InlineData("costs show nowhere", "there is no cost profile 'nowhere'; there is none in costs and scenarios/costs; or name the path of a file, ending in .yaml")]
    [InlineData("quirks second-bitmpa", "there is no quirk 'second-bitmpa'; did you mean 'second-bitmap'?; 'trapline quirks' lists them")]
    [InlineData("completion fihs", "there is no completion for 'fihs'; did you mean 'fish'?; there is one for bash, zsh, fish")]
    public void Wrong_usage_is_one_clear_message(string words, string message)
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run(words.Split(' ')));
        Assert.StartsWith($"trapline: error: {message}\n", line.Error, StringComparison.Ordinal);
        Assert.Equal("", line.Output);
        Assert.DoesNotContain("   at ", line.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("drop", "--fault 'drop': a fault is written KIND MESSAGE#N FROM->TO [by TIME], such as 'drop LineChange#17 ipi3->vcpu3'")]
    [InlineData("lose LineChange#1", "--fault 'lose LineChange#1': 'lose' is none of drop, delay, repeat")]
    [InlineData("drop LineChnge#1", "--fault 'drop LineChnge#1': there is no message 'LineChnge'; did you mean 'LineChange'?")]
    [InlineData("drop LineChange#0", "--fault 'drop LineChange#0': 'LineChange#0' does not say which message: a fault is written")]
    [InlineData("drop LineChange#1 ipj3->vcpu3", "--fault 'drop LineChange#1 ipj3->vcpu3': there is no actor 'ipj3'; did you mean 'ipi3'?")]
    [InlineData("drop LineChange#1 ipi3", "--fault 'drop LineChange#1 ipi3': 'ipi3' is no path")]
    [InlineData("delay LineChange#1", "a delay needs 'by'")]
    [InlineData("delay LineChange#1 by 5", "--fault 'delay LineChange#1 by 5': '5' is no duration such as 5us")]
    [InlineData("repeat AccessAnswer#1", "AccessAnswer cannot come twice")]
    public void A_fault_that_cannot_be_is_refused_with_a_remedy(string text, string message)
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("run", "x.yaml", "--fault", text));
        Assert.Contains(message, line.Error, StringComparison.Ordinal);
        Assert.StartsWith("trapline: error: --fault ", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_folder_is_not_the_current_one()
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("run", "x.yaml", "--out", ""));
        Assert.StartsWith("trapline: error: --out is empty; name a folder, or leave the option out\n", line.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_name_starts_with_an_at_sign_is_a_file()
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Usage, line.Run("validate", "@missing.yaml"));
        Assert.Equal("@missing.yaml: error: there is no such scenario file; check the path\n", line.Error);
    }

    [Fact]
    public void The_program_alone_prints_its_commands_and_no_others()
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run());
        var listed = line.Output.Split("Commands:\n")[1].Split('\n').Where(text => text.StartsWith("  ", StringComparison.Ordinal) && text[2] != ' ').Select(text => text.Trim().Split(' ')[0]);
        Assert.Equal(["run", "replay", "migrate", "move", "node", "cluster", "runs", "validate", "new", "snapshot", "costs", "quirks", "doctor", "completion"], listed);
        Assert.All(line.Output.Split('\n'), text => Assert.True(text.Length <= 80, text));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("validate")]
    [InlineData("new scenario")]
    [InlineData("new guest")]
    [InlineData("doctor")]
    [InlineData("costs list")]
    [InlineData("costs show")]
    [InlineData("cluster up")]
    [InlineData("cluster down")]
    [InlineData("cluster status")]
    [InlineData("runs list")]
    [InlineData("runs attach")]
    [InlineData("runs stop")]
    [InlineData("runs log")]
    [InlineData("migrate")]
    [InlineData("completion")]
    public void Every_option_is_explained_with_its_default_and_every_command_has_json(string command)
    {
        var line = new CommandLine();

        Assert.Equal(ExitCodes.Done, line.Run([.. command.Split(' '), "--help"]));
        var options = line.Output.Split("Options:\n")[1].Split("\n  -").Select(text => string.Join(' ', text.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries))).ToList();
        Assert.Contains(options, option => option.Contains("-json Print", StringComparison.Ordinal));
        Assert.All(options.Where(option => !option.Contains("--help", StringComparison.Ordinal)), option => Assert.Contains("Default: ", option, StringComparison.Ordinal));
    }
}
