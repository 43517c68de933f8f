using Trapline.Messages.State;

namespace Trapline.Devices.Tests;

/// <summary>Raw rows out of one device and into another.</summary>
internal static class RawState
{
    public static byte[] Save(Action<StateSync> table)
    {
        var writer = new StateWriter();
        table(writer);
        return writer.Written.ToArray();
    }

    public static void Load(Action<StateSync> table, byte[] saved)
    {
        var reader = new StateReader(saved);
        table(reader);
        reader.Finish();
    }

    public static void Copy(Action<StateSync> from, Action<StateSync> to) => Load(to, Save(from));

    public static List<string> Names(Action<StateSync> table) => [.. List(table).Select(row => row.Key)];

    public static IReadOnlyList<KeyValuePair<string, ulong>> List(Action<StateSync> table)
    {
        var lister = new StateLister();
        table(lister);
        return lister.Rows;
    }
}
