using Trapline.Devices.LoongArch.Profiles;

namespace Trapline.Devices.Tests.LoongArch;

/// <summary>Rows for vectors that hold under many profiles: the tags K, Q and so on of the vectors' tables.</summary>
public static class ProfileNames
{
    public static TheoryData<string> All => [.. LoongArchProfiles.All.Select(profile => profile.Name)];

    public static TheoryData<string> Kvm => [.. LoongArchProfiles.All.Select(profile => profile.Name).Where(name => name.StartsWith("kvm", StringComparison.Ordinal))];
}
