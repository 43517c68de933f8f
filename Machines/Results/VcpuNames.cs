namespace Trapline.Machines.Results;

/// <summary>What a vCPU is called in tables.</summary>
public static class VcpuNames
{
    /// <param name="machine">Its number, where there are several.</param>
    /// <param name="vcpu">Its index in the machine.</param>
    /// <returns><c>vcpu3</c>, or <c>machine2.vcpu3</c>, as its group is called.</returns>
    public static string Of(int? machine, int vcpu) => $"{PrefixOf(machine)}vcpu{vcpu}";

    /// <summary>What comes before the name of anything in a machine.</summary>
    public static string PrefixOf(int? machine) => machine is { } number ? $"machine{number}." : "";
}
