using System.Buffers.Binary;
using System.Reflection;
using System.Runtime.CompilerServices;
using Trapline.Devices.Common;
using Trapline.Messages.State;

namespace Trapline.Devices.Tests.Laws;

/// <summary>
/// The laws of raw rows, over random reachable states of every model: a fresh model with the rows of another behaves as that
/// one does, for ever; and passing over rows, in whatever direction, does nothing else.
/// </summary>
[Trait("Runs", "Once")]
public sealed class RawStateLawTests
{
    private const BindingFlags AnyInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>What only stores for one who has a table, whose rows are all that is in it.</summary>
    private static readonly SortedDictionary<string, string> OwnersOfStorage = new(StringComparer.Ordinal)
    {
        ["EventEntry"] = "KvmLists",
        ["EventPages"] = "KvmLists",
        ["EventTable"] = "KvmLists",
        ["LpiObject"] = "KvmLpis",
        ["LpiSet"] = "KvmLpis",
        ["LpiTable"] = "KvmLpis",
        ["MemoryHolds"] = "LpiHolds",
    };

    public static TheoryData<string> Names => [.. StateLaw.All.Select(law => law.Name)];

    [Theory, MemberData(nameof(Names))]
    public void A_fresh_one_with_the_rows_of_another_behaves_alike(string name) => Step.CheckAll(steps =>
    {
        var (first, second) = (StateLaw.Find(name).Create(), StateLaw.Find(name).Create());
        Drive(first, steps.AsSpan(0, steps.Length / 2));
        CheckBehavesAlike(first, second, steps.AsSpan(steps.Length / 2));
    });

    /// <summary>What was there before leaves no trace: no row is only added to, and what is derived from rows is derived anew.</summary>
    [Theory, MemberData(nameof(Names))]
    public void A_used_one_with_the_rows_of_another_behaves_alike(string name) => Step.CheckAll(steps =>
    {
        var (first, second) = (StateLaw.Find(name).Create(), StateLaw.Find(name).Create());
        var third = steps.Length / 3;
        Drive(first, steps.AsSpan(0, third));
        Drive(second, steps.AsSpan(third, third));
        CheckBehavesAlike(first, second, steps.AsSpan(2 * third));
    });

    [Theory, MemberData(nameof(Names))]
    public void Writing_hashing_and_listing_change_nothing_and_drive_nothing(string name) => Step.CheckAll(steps =>
    {
        var (watched, left) = (StateLaw.Find(name).Create(), StateLaw.Find(name).Create());
        foreach (var step in steps)
        {
            var before = watched.World.Log.Count;
            var saved = RawState.Save(watched.SyncState);
            _ = RawState.List(watched.SyncState);
            watched.SyncState(new StateHasher());
            watched.SyncState(new StateSchema());
            Assert.Equal(saved, RawState.Save(watched.SyncState));
            Assert.Equal(before, watched.World.Log.Count);
            Assert.Equal(left.Apply(step), watched.Apply(step));
        }

        Assert.Equal(left.World.Log, watched.World.Log);
        Assert.Equal(left.World.Timers, watched.World.Timers);
    });

    [Theory, MemberData(nameof(Names))]
    public void Writer_lister_and_schema_agree_on_every_row(string name) => Step.CheckAll(steps =>
    {
        var subject = StateLaw.Find(name).Create();
        Drive(subject, steps);
        var schema = new StateSchema();
        subject.SyncState(schema);
        var listed = RawState.List(subject.SyncState);
        Assert.Equal(listed.Count, listed.Select(row => row.Key).Distinct().Count());

        var rebuilt = new List<byte>();
        var at = 0;
        foreach (var row in schema.Rows)
        {
            for (var i = 0; i < (row.Length ?? 1); i++, at++)
            {
                rebuilt.AddRange(Word(listed[at].Value)[..(row.Type == StateSchemaRow.Packed ? 1 : sizeof(ulong))]);
            }
        }

        Assert.Equal(listed.Count, at);
        Assert.Equal(RawState.Save(subject.SyncState), rebuilt);
    });

    /// <summary>A table nobody holds against the laws could lose a row unnoticed.</summary>
    [Fact]
    public void Every_state_table_of_Devices_has_a_law()
    {
        var tables = Models().Where(type => !type.IsInterface && type.GetMethods(AnyInstance).Any(method => method.Name == "SyncState")).Select(type => type.Name);
        Assert.Equal(tables.Order(), StateLaw.All.SelectMany(law => law.Covers).Distinct().Order());
    }

    /// <summary>State outside the tables would be lost: who has fields that change has a table, or is the property of one who has.</summary>
    [Fact]
    public void Nobody_without_a_table_keeps_anything()
    {
        var keepers = Models().Where(type => !type.IsInterface && !type.IsEnum && !IsGenerated(type) && (type.DeclaringType is null || !IsGenerated(type.DeclaringType)))
            .Where(type => type.GetMethods(AnyInstance).All(method => method.Name != "SyncState"))
            .Where(type => !IsRecord(type) && type.GetFields(AnyInstance).Any(IsState));
        Assert.Equal(OwnersOfStorage.Keys, keepers.Select(type => type.Name).Order(StringComparer.Ordinal));
        Assert.Subset(StateLaw.All.SelectMany(law => law.Covers).ToHashSet(), OwnersOfStorage.Values.ToHashSet());
    }

    private static Type[] Models() => typeof(IDeviceHost).Assembly.GetTypes();

    private static bool IsGenerated(Type type) => Attribute.GetCustomAttribute(type, typeof(CompilerGeneratedAttribute)) is not null;

    /// <summary>Settings, which are set once.</summary>
    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null || type.GetMethod("PrintMembers", AnyInstance) is not null;

    /// <summary>A parameter of a primary constructor is a field that can be written, and is not.</summary>
    private static bool IsState(FieldInfo field) => field.FieldType.IsArray || (!field.IsInitOnly && !field.Name.EndsWith(">P", StringComparison.Ordinal));

    private static void Drive(LawSubject subject, ReadOnlySpan<Step> steps)
    {
        foreach (var step in steps)
        {
            _ = subject.Apply(step);
        }
    }

    private static void CheckBehavesAlike(LawSubject first, LawSubject second, ReadOnlySpan<Step> further)
    {
        first.World.Log.Clear();
        second.World.Log.Clear();
        second.World.CopyFrom(first.World);
        RawState.Copy(first.SyncState, second.SyncState);
        Assert.Empty(second.World.Log);
        Assert.Equal(RawState.Save(first.SyncState), RawState.Save(second.SyncState));
        foreach (var step in further)
        {
            Assert.Equal(first.Apply(step), second.Apply(step));
        }

        Assert.Equal(first.World.Log, second.World.Log);
        Assert.Equal(first.World.Timers, second.World.Timers);
        Assert.Equal(RawState.List(first.SyncState), RawState.List(second.SyncState));
    }

    private static byte[] Word(ulong value)
    {
        var bytes = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        return bytes;
    }
}
