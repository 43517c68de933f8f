using System.CommandLine;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Nodes;
using Trapline.Cluster.Runs;
using Trapline.Host.Clusters;
using Trapline.Host.Rendering;
using Trapline.Host.Telemetry;

namespace Trapline.Host.Commands.Clusters;

/// <summary><c>node</c>: one process of a cluster, until it is interrupted.</summary>
internal static class NodeCommand
{
    public static Command Create(HostConsole console)
    {
        var cluster = ClusterOptions.Cluster("The cluster to join");
        var name = new Option<string?>("--name") { Description = "Name of this node, unique in the cluster: letters, digits, '-', '_', '.'. Default: the name of this machine", HelpName = "NAME" };
        var listen = new Option<string>("--listen") { Description = "Where other nodes reach this one, such as http://127.0.0.1:5001; port 0 for any free one. Default: a free port of loopback", HelpName = "URL", DefaultValueFactory = _ => "http://127.0.0.1:0" };
        var advertise = new Option<string?>("--advertise") { Description = "Where other nodes reach this one, if not where it listens: behind a proxy, or by the name of a service. Default: where it listens", HelpName = "URL" };
        var state = new Option<string?>("--state") { Description = "Folder for what the node must not forget: the highest epochs it has seen. Default: trapline-node-NAME in the folder for state of this user", HelpName = "DIR" };
        var threads = CommonOptions.Integer("--threads", $"Threads that run groups, 1 to {RunArguments.MostThreads}; results do not depend on it. Default: 1", 1, RunArguments.MostThreads);
        var lease = CommonOptions.Duration("--lease", "A node that says nothing for so long may be replaced, wall time, 500ms to 600s; the same on all nodes. Default: 4s");
        var stall = CommonOptions.Duration("--stall", "A frame that is waited for so long though its sender has sent it: then the link is cut, wall time, 500ms to 600s. Default: 4s");
        var pause = CommonOptions.Duration("--pause-after", "A run that is not safe on disk for so long stands still until it is, wall time. Default: 600s");
        var attended = new Option<bool>("--attended") { Description = "End with the standard input, and leave Ctrl-C to whoever holds its other end", Hidden = true };
        var certificate = new Option<string?>("--certificate") { Description = "PEM file of the certificate to listen with by https. Default: one made for this process alone; what proves a node is the cluster's key", HelpName = "FILE" };
        var certificateKey = new Option<string?>("--certificate-key") { Description = "PEM file of the certificate's private key. Default: it is in the file of --certificate", HelpName = "FILE" };
        var key = new Option<string?>("--key-file") { Description = $"File with the cluster's key, which all nodes have; needed beyond loopback. Default: ${FabricSecurity.KeyVariable}, if it is set", HelpName = "FILE" };
        var insecure = new Option<bool>("--insecure") { Description = "Allow http beyond loopback: peers still prove the key, but what they send can be read and altered. Default: https only" };
        var otlp = new Option<string?>("--otlp") { Description = $"Send metrics and traces to this collector by OTLP, such as http://127.0.0.1:4317. Default: ${OtlpExport.Variable}, if it is set", HelpName = "URL" };
        var command = new Command("node", "Be a node of a cluster, until interrupted: takes part in its runs, and holds them. What happens is on stderr, one line each.") { cluster, name, listen, advertise, state, threads, lease, stall, pause, certificate, certificateKey, key, insecure, otlp, attended };
        command.SetAction(parsed =>
        {
            SocketScheduling.PreferInline();
            var own = parsed.GetValue(name) ?? Environment.MachineName;
            var settings = new NodeSettings
            {
                Name = own,
                StateFolder = parsed.GetValue(state) ?? DefaultState(own),
                Advertise = parsed.GetValue(advertise) is { } url ? Address("--advertise", url) : null,
                Threads = parsed.GetValue(threads) ?? 1,
                Lease = WallTime(parsed.GetValue(lease)) ?? TimeSpan.FromSeconds(4),
                Stall = WallTime(parsed.GetValue(stall)) ?? TimeSpan.FromSeconds(4),
                PauseAfter = WallTime(parsed.GetValue(pause)) ?? TimeSpan.FromMinutes(10),
            };
            using var ending = new CancellationTokenSource();
            using var signals = new InterruptSignals(ending.Cancel, "and leaving the cluster", console, decides: !parsed.GetValue(attended));
            if (parsed.GetValue(attended))
            {
                StandardInputEnd.Watch(ending.Cancel);
            }

            try
            {
                var log = new NodeLog(console.Error);
                using var telemetry = OtlpExport.Start(own, parsed.GetValue(otlp) is { } collector ? Address("--otlp", collector) : null);
                var security = new FabricSecurity
                {
                    Key = FabricSecurity.KeyFrom(parsed.GetValue(key)),
                    CertificateFile = parsed.GetValue(certificate),
                    CertificateKeyFile = parsed.GetValue(certificateKey),
                    Insecure = parsed.GetValue(insecure),
                };
                NodeProcess.Run(settings, ClusterOptions.Url(parsed, cluster), Address("--listen", parsed.GetValue(listen)!), security, log.Write, ending.Token);
            }
            catch (ArgumentException failure)
            {
                throw new CommandException(ExitCodes.Usage, failure.Message);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static TimeSpan? WallTime(Messages.VirtualTime? time) => time is { } given ? TimeSpan.FromMicroseconds(given.Picoseconds / 1_000_000) : null;

    private static Uri Address(string option, string text) => Uri.TryCreate(text, UriKind.Absolute, out var url)
        ? url
        : throw new CommandException(ExitCodes.Usage, $"{option} is {Machines.Text.Quoted.Show(text)}; it must be an address such as http://127.0.0.1:5001");

    private static string DefaultState(string name)
    {
        var root = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return Path.Combine(root, $"trapline-node-{name}");
    }
}
