using System.Text.Json;
using Trapline.Cluster.Runs.Acts;
using Trapline.Persistence;

namespace Trapline.Cluster.Runs.Checkpoints;

/// <summary>The parts that are JSON. Members that are missing or unknown are refused: a part says by its version what is in it.</summary>
internal static class CheckpointJson
{
    public static CheckpointPart Write<T>(string name, int version, T content) =>
        new(name, version, JsonSerializer.SerializeToUtf8Bytes(content, JournalJson.Options));

    /// <exception cref="CheckpointException">It is not what its version promises.</exception>
    public static T Read<T>(CheckpointPart part)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(part.Content.Span, JournalJson.Options) ?? throw new JsonException("there is nothing in it");
        }
        catch (JsonException failure)
        {
            throw new CheckpointException(
                CheckpointFailure.Input,
                $"part '{part.Name}', offset {failure.BytePositionInLine ?? 0}: this is not what version {part.SchemaVersion} of it holds ({failure.Message}); the checkpoint was not written by this program",
                failure);
        }
    }
}
