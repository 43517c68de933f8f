using System.Globalization;
using Trapline.Persistence;
using Trapline.Persistence.Tests;

// Saves checkpoints until it is killed, and removes old ones: something to kill in the middle of a write.
// Arguments: store; number of the first checkpoint; bytes of the large part of each; how many to keep.
// Says "open", then for each checkpoint "saving N", "saved N ID" once Save has returned, "deleting ID" and "deleted ID".
var url = args[0];
var first = int.Parse(args[1], CultureInfo.InvariantCulture);
var bytes = int.Parse(args[2], CultureInfo.InvariantCulture);
var keep = int.Parse(args[3], CultureInfo.InvariantCulture);
try
{
    using var store = CheckpointStores.Open(url);
    Console.WriteLine("open");
    for (var number = first; ; number++)
    {
        Console.WriteLine($"saving {number}");
        Console.WriteLine($"saved {number} {store.Save(SampleCheckpoint.Create(number, bytes))}");
        foreach (var id in Retention.ToDelete(store.List(), keep))
        {
            Console.WriteLine($"deleting {id}");
            store.Delete([id]);
            Console.WriteLine($"deleted {id}");
        }
    }
}
catch (CheckpointException failure)
{
    await Console.Error.WriteLineAsync($"{failure.Failure}: {failure.Message}");
    return 3;
}
