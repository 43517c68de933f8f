namespace Trapline.Machines.Boards;

/// <summary>What the groups of the board <see cref="LoongArchVirt"/> are called, for people and for <c>placement</c>.</summary>
public static class GroupNames
{
    public const string Board = "board";
    public const string Storage = "storage";

    private const int HostsOfMigration = 2;

    public static string Vcpu(int index) => $"vcpu{index}";

    /// <summary>The name of a group of one machine, seen from outside.</summary>
    /// <param name="number">Of the machine, or of the host of a VM that may migrate.</param>
    /// <param name="areSeveral">There are several machines.</param>
    /// <param name="group">Its name inside.</param>
    public static string Of(int number, bool areSeveral, string group) =>
        areSeveral ? $"machine{number}.{group}"
        : number == 0 ? group
        : $"host{number}.{group}";

    /// <summary>All, in the order of the plan.</summary>
    /// <param name="vcpus">Of each machine.</param>
    /// <param name="machines">How many; null where the scenario does not say.</param>
    /// <param name="isMigratable">There is a second host.</param>
    public static IEnumerable<string> All(int vcpus, int? machines, bool isMigratable)
    {
        var numbers = Enumerable.Range(0, machines ?? (isMigratable ? HostsOfMigration : 1));
        string[] inside = [.. Enumerable.Range(0, vcpus).Select(Vcpu), Board];
        var names = numbers.SelectMany(number => inside.Select(group => Of(number, machines is not null, group)));
        return isMigratable ? names.Append(Storage) : names;
    }
}
