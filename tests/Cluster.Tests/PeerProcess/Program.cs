using System.Diagnostics;
using System.Globalization;
using Trapline.Cluster.Fabric;
using Trapline.Cluster.Fabric.WebSockets;
using Trapline.Messages;
using Trapline.Peers;

// A node of a run of two that does nothing but exchange windows: something to kill, to stop and to measure.
// Arguments: node; URL (node 0 listens at it, node 1 connects to it); windows; messages in each batch.
// With "contend", URL, name, milliseconds instead: a node that fights for all runs of a cluster.
// Says "listening URL", "joined", "running" after the first windows, and at the end microseconds and allocated bytes per window.
const int FirstWindows = 100;

if (args[0] == "contend")
{
    return Contender.Run(args[1], args[2], TimeSpan.FromMilliseconds(int.Parse(args[3], CultureInfo.InvariantCulture)));
}

var node = int.Parse(args[0], CultureInfo.InvariantCulture);
var url = new Uri(args[1]);
var windows = int.Parse(args[2], CultureInfo.InvariantCulture);
var messages = int.Parse(args[3], CultureInfo.InvariantCulture);
try
{
    var listener = node == 0 ? await FabricListener.OpenAsync(url, 1) : null;
    Console.WriteLine($"listening {listener?.Url}");
    var options = new WebSocketFabricOptions { Node = node, Peers = [node == 0 ? null : url, null], Configuration = new() };
    await using var fabric = await WebSocketFabric.JoinAsync(options, listener);
    Console.WriteLine("joined");
    var start = 0L;
    var allocated = 0L;
    for (var window = 0; window < windows; window++)
    {
        if (window == FirstWindows)
        {
            Console.WriteLine("running");
            start = Stopwatch.GetTimestamp();
            allocated = GC.GetTotalAllocatedBytes();
        }

        var batch = fabric.Outgoing(1 - node);
        for (var i = 0; i < messages; i++)
        {
            batch.Add(new() { Due = new(window), Sequence = (ulong)i });
        }

        var inbox = fabric.Exchange(new(window, new(window), VirtualTime.Never, 0));
        if (inbox.Messages(1 - node).Length != messages)
        {
            throw new InvalidOperationException($"Window {window} brought {inbox.Messages(1 - node).Length} messages of {messages}.");
        }
    }

    var measured = Math.Max(1, windows - FirstWindows);
    Console.WriteLine($"{Stopwatch.GetElapsedTime(start).TotalMicroseconds / measured:0.0} us/window, {(GC.GetTotalAllocatedBytes() - allocated) / measured} bytes/window");
    return 0;
}
catch (FabricException failure)
{
    await Console.Error.WriteLineAsync($"{failure.Failure}: {failure.Message}");
    return 3;
}
