using Xunit;

namespace Trapline.Persistence.Tests;

/// <summary>Comparisons of whole checkpoints.</summary>
internal static class Same
{
    public static void Checkpoint(Checkpoint expected, Checkpoint actual)
    {
        Assert.Equal(expected.Header, actual.Header);
        Assert.Equal(expected.Parts.Select(part => (part.Name, part.SchemaVersion)), actual.Parts.Select(part => (part.Name, part.SchemaVersion)));
        Assert.All(expected.Parts.Zip(actual.Parts), pair => Assert.True(pair.First.Content.Span.SequenceEqual(pair.Second.Content.Span), pair.First.Name));
    }

    public static CheckpointException Refused(CheckpointFailure failure, Action action)
    {
        var thrown = Assert.Throws<CheckpointException>(action);
        Assert.Equal((failure, true), (thrown.Failure, thrown.Message.Length > 20));
        return thrown;
    }
}
