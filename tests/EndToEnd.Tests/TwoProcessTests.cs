using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Xunit;

namespace Trapline.EndToEnd.Tests;

/// <summary>One run split over two processes: the same digest, and a clear end when one of them is lost.</summary>
[Trait("Runs", "Once")]
public sealed class TwoProcessTests : IDisposable
{
    private const int InterruptSignal = 2;
    private const int KillSignal = 9;

    private static int _ports;

    private readonly WorkFolder _folder = new();

    public static TheoryData<string> Scenarios =>
        [.. Directory.EnumerateFiles(Path.Combine(Trapline.Root, "scenarios"), "*.yaml").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Two_processes_find_the_digest_of_one(string name)
    {
        using var one = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario(name), "--smoke", "--json", "--out", "one");
        using var two = Trapline.Run(_folder.Path, 0, "run", Trapline.Scenario(name), "--smoke", "--json", "--out", "two", "--nodes", "2");
        Assert.Equal(Digest(one.Output), Digest(two.Output));
    }

    [Theory]
    // Raised in one process, lost in the other; lost on its way between them; an answer that never comes back.
    [InlineData("drop LineChange#1 ipi200->vcpu200", "raise-lost")]
    [InlineData("drop IpiSend#5 ipi0->ipi200", "raise-lost")]
    [InlineData("drop IpiAnswer#3 ipi200->ipi0", "call")]
    [InlineData("repeat IpiSend#3 ipi0->ipi200 by 1us", "raise-repeated")]
    public void Two_processes_find_the_violation_of_one_with_the_same_life(string fault, string invariant)
    {
        string[] common = ["run", Trapline.Scenario("boot-256"), "--json", "--until", "30ms", "--fault", fault];
        using var one = Trapline.Run(_folder.Path, 1, [.. common, "--out", "one"]);
        using var two = Trapline.Run(_folder.Path, 1, [.. common, "--out", "two", "--nodes", "2"]);
        Assert.Equal(RunTests.Found(one.Output), RunTests.Found(two.Output));
        using var json = JsonDocument.Parse(two.Output);
        var violation = json.RootElement.GetProperty("variants")[0].GetProperty("violations")[0];
        Assert.Equal(invariant, violation.GetProperty("invariant").GetString());
        Assert.Equal(fault, violation.GetProperty("fault").GetString());
        Assert.Equal("vcpu0", violation.GetProperty("life")[0].GetProperty("actor").GetString());
    }

    [Fact]
    public void Nodes_started_by_hand_in_either_order_find_the_same()
    {
        var (first, second) = (Url(), Url());
        string[] common = ["run", Trapline.Scenario("ipi-pingpong"), "--smoke", "--json", "--nodes", "2"];
        using var one = Trapline.Start(_folder.Path, [.. common, "--node", "1", "--listen", second, "--peer", first, "--out", "b"]);
        using var zero = Trapline.Start(_folder.Path, [.. common, "--node", "0", "--listen", first, "--peer", second, "--out", "a"]);
        zero.WaitFor(0);
        one.WaitFor(0);
        Assert.Equal(Digest(zero.Output), Digest(one.Output));
    }

    [Fact]
    public void Nodes_that_run_different_things_refuse_one_another_by_name()
    {
        var (first, second) = (Url(), Url());
        string[] common = ["run", Trapline.Scenario("ipi-pingpong"), "--smoke", "--nodes", "2"];
        using var one = Trapline.Start(_folder.Path, [.. common, "--seed", "2", "--node", "1", "--listen", second, "--peer", first, "--out", "b"]);
        using var zero = Trapline.Start(_folder.Path, [.. common, "--node", "0", "--listen", first, "--peer", second, "--out", "a"]);
        zero.WaitFor(2);
        one.WaitFor(2);
        Assert.Contains("seed", zero.Error, StringComparison.Ordinal);
        Assert.Contains("seed", one.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_that_is_killed_in_the_middle_ends_the_other_with_a_message_and_no_report()
    {
        var (first, second) = (Url(), Url());
        string[] common = ["run", _folder.EndlessScenario(), "--nodes", "2"];
        using var one = Trapline.Start(_folder.Path, [.. common, "--node", "1", "--listen", second, "--peer", first, "--out", "b"]);
        using var zero = Trapline.Start(_folder.Path, [.. common, "--node", "0", "--listen", first, "--peer", second, "--out", "a"]);

        WaitUntilWindowsRun(zero);
        one.Signal(KillSignal);
        zero.WaitFor(3);
        Assert.Contains("node 1", zero.Error, StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "a", "report.json")));
    }

    [Fact]
    public void A_second_process_that_is_killed_is_a_failure_of_the_environment_and_not_an_interruption()
    {
        var scenario = _folder.EndlessScenario();

        // More than once: what notices first, the broken link or the end of the process, is chance.
        for (var i = 0; i < 6; i++)
        {
            using var run = Trapline.Start(_folder.Path, "run", scenario, "--nodes", "2", "--out", "a");
            WaitUntilWindowsRun(run);
            Process.GetProcessById(ChildOf(run)).Kill();
            run.WaitFor(3);
            Assert.DoesNotContain("interrupted", run.Error, StringComparison.Ordinal);
            Assert.False(File.Exists(Path.Combine(_folder.Path, "a", "report.json")));
            File.Delete(Path.Combine(_folder.Path, "a", "journal.jsonl"));
        }
    }

    [Fact]
    public void Ctrl_C_at_one_of_two_nodes_stops_both_with_one_result()
    {
        var (first, second) = (Url(), Url());
        string[] common = ["run", _folder.EndlessScenario(), "--nodes", "2"];
        using var one = Trapline.Start(_folder.Path, [.. common, "--node", "1", "--listen", second, "--peer", first, "--out", "b"]);
        using var zero = Trapline.Start(_folder.Path, [.. common, "--node", "0", "--listen", first, "--peer", second, "--out", "a"]);
        WaitUntilWindowsRun(zero);
        one.Signal(InterruptSignal);
        one.WaitFor(130);
        zero.WaitFor(130);
        var (a, b) = (_folder.Report("a"), _folder.Report("b"));
        Assert.Equal("interrupted", a.GetProperty("endReason").GetString());
        Assert.Equal(a.GetProperty("digest").GetString(), b.GetProperty("digest").GetString());
    }

    [Fact]
    public void A_peer_that_sends_garbage_is_told_apart()
    {
        var first = Url();
        using var zero = Trapline.Start(
            _folder.Path, "run", Trapline.Scenario("ipi-pingpong"), "--smoke", "--nodes", "2", "--node", "0", "--listen", first, "--peer", Url(), "--out", "a");
        using var socket = Connect(new Uri(first), zero);
        socket.Send("GET /fabric HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"u8);
        socket.Send([0x82, 0x85, 1, 2, 3, 4, 99, 98, 97, 96, 95]);
        zero.WaitFor(3);
        Assert.DoesNotContain("internal error", zero.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "a", "report.json")));
    }

    [Fact]
    public void An_address_beyond_this_machine_is_refused()
    {
        using var run = Trapline.Run(
            _folder.Path, 2, "run", Trapline.Scenario("ipi-pingpong"), "--nodes", "2", "--node", "0", "--listen", "http://0.0.0.0:5001", "--peer", "http://127.0.0.1:5002");
        Assert.Contains("loopback", run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The journal's file appears when the run is set up; the processor time then says that windows are running.</summary>
    private void WaitUntilWindowsRun(Trapline zero)
    {
        var begun = zero.Process.TotalProcessorTime;
        while (!File.Exists(Path.Combine(_folder.Path, "a", "journal.jsonl")) || (zero.Process.TotalProcessorTime - begun).TotalSeconds < 0.6)
        {
            Assert.False(zero.Process.HasExited, $"node 0 ended early\n{zero.Output}\n{zero.Error}");
            Thread.Yield();
            zero.Process.Refresh();
        }
    }

    private static int ChildOf(Trapline run)
    {
        using var list = Process.Start(new ProcessStartInfo("ps", ["--ppid", run.Process.Id.ToString(), "-o", "pid="]) { RedirectStandardOutput = true })!;
        return int.Parse(list.StandardOutput.ReadToEnd().Trim());
    }

    private static string Digest(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("digest").GetString()!;
    }

    /// <summary>
    /// An address that is free, outside the range from which systems take ports for outgoing connections: none of those can
    /// take it before the node does.
    /// </summary>
    private static string Url()
    {
        while (true)
        {
            var port = 15_000 + (((Environment.ProcessId * 64) + Interlocked.Increment(ref _ports)) % 15_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return $"http://127.0.0.1:{port}";
            }
            catch (SocketException)
            {
                // In use: the next one.
            }
        }
    }

    private static Socket Connect(Uri url, Trapline run)
    {
        while (true)
        {
            Assert.False(run.Process.HasExited, $"the node ended before it listened\n{run.Output}\n{run.Error}");
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, url.Port);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                Thread.Yield();
            }
        }
    }
}
