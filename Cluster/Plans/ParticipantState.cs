using System.Text.Json;
using System.Text.Json.Serialization;

namespace Trapline.Cluster.Plans;

/// <summary>What a participant says of its attempt.</summary>
internal sealed record ParticipantState
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public required ParticipantPhase Phase { get; init; }

    /// <summary>Windows between nodes that it has exchanged.</summary>
    public long Window { get; init; }

    /// <summary>Virtual picoseconds up to which everything was handled.</summary>
    public long PositionPs { get; init; }

    /// <summary>Groups that it holds.</summary>
    public int Groups { get; init; }

    /// <summary>Moves of groups so far.</summary>
    public int Moves { get; init; }

    /// <summary>Numbers, within the attempt, of the nodes whose frame it waits for since longer than is usual, or that it lost.</summary>
    public IReadOnlyList<int> WaitsFor { get; init; } = [];

    /// <summary>The step that it waits in: steps are counted alike on all nodes.</summary>
    public long Step { get; init; }

    /// <summary>By number of the peer; bytes and time since the attempt began.</summary>
    public IReadOnlyList<LinkState> Links { get; init; } = [];

    /// <summary>Milliseconds since the attempt began.</summary>
    public long ElapsedMs { get; init; }

    /// <summary>When the run was last known to be safe on disk, milliseconds ago; negative where checkpoints are made as they should be.</summary>
    public long NotDurableMs { get; init; } = -1;

    /// <summary>The checkpoint that the attempt was to begin at is there no more, or damaged: it is no use to begin there again.</summary>
    public bool BadCheckpoint { get; init; }

    /// <summary>Why it ended.</summary>
    public string Problem { get; init; } = "";

    public string Encode() => JsonSerializer.Serialize(this, Options);

    /// <summary>Null where it is none of this version: of such a participant nothing is known.</summary>
    public static ParticipantState? TryDecode(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<ParticipantState>(text, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
