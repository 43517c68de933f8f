using Trapline.Cluster.Clients;
using Trapline.Cluster.Coordination;

namespace Trapline.Cluster.Chaos;

/// <summary>Nodes of this machine, each a process behind a proxy, and one database: what losses are tried on. All ends with it.</summary>
public sealed class LocalCluster : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(30);

    private readonly LinkCuts _cuts = new();
    private readonly List<LocalNode> _nodes = [];

    private LocalCluster(string url, LocalClusterSettings settings)
    {
        Url = url;
        Settings = settings;
        Client = new ClusterClient(Coordinations.Open(url));
    }

    public string Url { get; }

    public LocalClusterSettings Settings { get; }

    public ClusterClient Client { get; }

    public int NodeCount => _nodes.Count;

    /// <summary>What the nodes said, the last lines of each.</summary>
    public IReadOnlyList<string> Log => [.. _nodes.SelectMany(node => node.Log)];

    /// <summary>Starts nodes <c>n1</c>, <c>n2</c>, … and waits until all have joined.</summary>
    /// <param name="url">Of the database.</param>
    /// <param name="nodes">How many.</param>
    /// <param name="settings">Of all of them.</param>
    /// <param name="patience">For their joining.</param>
    /// <exception cref="CoordinationException">The database cannot be used.</exception>
    /// <exception cref="TimeoutException">They have not joined; the message has what they said.</exception>
    public static LocalCluster Start(string url, int nodes, LocalClusterSettings settings, TimeSpan patience)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var cluster = new LocalCluster(url, settings);
        try
        {
            for (var number = 1; number <= nodes; number++)
            {
                cluster._nodes.Add(new LocalNode($"n{number}", url, settings, cluster._cuts));
                cluster._nodes[^1].Start();
            }

            cluster.WaitUntilWhole(patience);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>Names of the nodes, in their order.</summary>
    public IReadOnlyList<string> Names => [.. _nodes.Select(node => node.Name)];

    /// <summary>The live member of a name; null where there is none.</summary>
    public Member? MemberOf(int node) =>
        Client.Members().LastOrDefault(member => member.Node.Name == _nodes[node].Name && member is { State: MemberState.Alive, Lapsed: false });

    /// <summary>Starts what was killed, and waits until every name has a live member again.</summary>
    /// <exception cref="TimeoutException">One has none; the message has what the nodes said.</exception>
    public void WaitUntilWhole(TimeSpan patience)
    {
        var until = DateTime.UtcNow + patience;
        foreach (var node in _nodes.Where(node => !node.Runs))
        {
            node.Start();
        }

        while (!Enumerable.Range(0, _nodes.Count).All(node => MemberOf(node) is not null))
        {
            if (DateTime.UtcNow > until)
            {
                throw new TimeoutException($"not all nodes are there after {patience.TotalSeconds:0.#} s:\n{string.Join('\n', Log)}");
            }

            Thread.Sleep(LookEvery);
        }
    }

    public void Kill(int node) => _nodes[node].Kill();

    public void Interrupt(int node) => _nodes[node].Interrupt();

    public void Start(int node) => _nodes[node].Start();

    public void Pause(int node) => _nodes[node].Pause();

    public void Continue(int node) => _nodes[node].Continue();

    /// <summary>What one node says does not reach another any more; it waits on its way.</summary>
    public void Cut(int from, int to) => _cuts.Cut(_nodes[from].Name, _nodes[to].Name);

    public void Mend(int from, int to) => _cuts.Mend(_nodes[from].Name, _nodes[to].Name);

    public bool Runs(int node) => _nodes[node].Runs;

    public void Dispose()
    {
        _nodes.ForEach(node => node.Dispose());
        Client.Dispose();
    }
}
