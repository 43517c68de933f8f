using Trapline.Devices.Common;
using Trapline.Devices.LoongArch.Paravirt;

namespace Trapline.Devices.Tests.LoongArch.Paravirt;

/// <summary>The numbered vectors F1 to F10: how a VMM restricts features, and what else the attributes of a vCPU say.</summary>
public sealed class PvFeatureVectorTests
{
    private const uint Group = VcpuAttributes.ConfigurationGroup;
    private const ulong Features = ConfigurationWords.FeaturesIndex;
    private const int Unknown = Errno.NoSuchAddress;

    private readonly PvBench _bench = new(ParavirtProfiles.Final, [0, 1]);

    [Fact]
    public void F1_there_is_an_attribute_of_features() => Assert.Equal(0, _bench.Attributes[0].Has(Group, Features));

    [Fact]
    public void F2_and_none_of_the_signature() => Assert.Equal(Unknown, _bench.Attributes[0].Has(Group, 0x4000_0000));

    [Fact]
    public void F3_what_is_set_on_one_vcpu_is_the_VMs()
    {
        Assert.Equal(0, _bench.SetFeatures(0, 4));
        Assert.Equal(4ul, _bench.Configuration(0x4000_0004));
        Assert.Equal(4ul, Get(1));
    }

    [Fact]
    public void F4_the_same_again_on_another_is_accepted()
    {
        F3_what_is_set_on_one_vcpu_is_the_VMs();
        Assert.Equal(0, _bench.SetFeatures(1, 4));
    }

    [Fact]
    public void F5_anything_else_is_refused()
    {
        F3_what_is_set_on_one_vcpu_is_the_VMs();
        Assert.Equal(Errno.InvalidArgument, _bench.SetFeatures(1, 6));
        Assert.Equal(4ul, Get(1));
    }

    [Fact]
    public void F6_bit_0_is_not_in_the_mask()
    {
        Assert.Equal(Errno.InvalidArgument, _bench.SetFeatures(0, 1));
        Assert.Equal(0xEul, Get(0));
        Assert.Equal(0, _bench.SetFeatures(0, 2));
    }

    [Fact]
    public void F7_without_the_feature_the_ipi_reaches_nobody()
    {
        F3_what_is_set_on_one_vcpu_is_the_VMs();
        _bench.Call(Hypercalls.ServiceCode, Hypercalls.FunctionIpi, 3);
        Assert.Equal((Hypercalls.InvalidCode, 1ul), (_bench.Arguments[0], _bench.Hypercalls.Exits));
        Assert.Empty(_bench.Signalled());
    }

    [Fact]
    public void F8_hypercalls_to_user_space_are_accepted_once_switched_on()
    {
        Assert.Equal(0, _bench.SetFeatures(0, 0x0200_0002));
        Assert.Equal(HypercallEffect.ExitToUser, _bench.Call(Hypercalls.UserServiceCode, 7));
        Assert.Equal(1ul, _bench.Hypercalls.Exits);
    }

    [Fact]
    public void F9_a_bad_pointer()
    {
        Assert.Equal(Errno.BadAddress, _bench.Attributes[0].Set(Group, Features, [2, 0, 0, 0, 0, 0, 0]));
        Assert.Equal(0xEul, Get(0));
        Assert.Equal(Errno.BadAddress, _bench.Attributes[0].Get(Group, Features, new byte[7]));
    }

    [Fact]
    public void F10_before_any_setting_the_host_decides() => Assert.Equal(0xEul, Get(0));

    [Fact]
    public void The_setting_is_checked_against_the_mask_and_not_against_the_host()
    {
        var bench = new PvBench(ParavirtProfiles.Final, [0], hostAccounts: false);
        Assert.Equal(0, bench.SetFeatures(0, 0x0300_000E));
        Assert.Equal(0x0300_000Eul, bench.Configuration(0x4000_0004));
    }

    [Fact]
    public void Unknown_attributes_do_not_exist()
    {
        var attributes = _bench.Attributes[0];
        Assert.Equal([0, 0], new[] { attributes.Has(Group, 2), attributes.Has(Group, 6) });
        Assert.Equal([Unknown, Unknown, Unknown], new[] { attributes.Has(Group, 3), attributes.Has(2, 0), attributes.Has(1, 1) });
        Assert.Equal([Unknown, Unknown], new[] { attributes.Set(Group, 2, new byte[8]), attributes.Set(5, 0, new byte[8]) });
        Assert.Equal([Unknown, Unknown], new[] { attributes.Get(Group, 21, new byte[8]), attributes.Get(5, 0, new byte[8]) });
        var word = new byte[8];
        Assert.Equal(0, attributes.Get(Group, 4, word));
        Assert.Equal(uint.MaxValue, BitConverter.ToUInt64(word));
    }

    [Fact]
    public void Before_there_were_attributes_nothing_can_be_asked_or_set()
    {
        var old = new PvBench(ParavirtProfiles.V6, [0]);
        Assert.Equal(Unknown, old.Attributes[0].Has(Group, Features));
        Assert.Equal(Unknown, old.SetFeatures(0, 2));
        Assert.Equal(Unknown, old.Features.Set(0));
        Assert.Equal(2ul, old.Configuration(0x4000_0004));
        Assert.Equal(Unknown, old.Features.ProbeVm(0, 6));
    }

    [Theory]
    [InlineData(6, true, 0)]
    [InlineData(7, true, 0)]
    [InlineData(10, true, 0)]
    [InlineData(6, false, 0)]
    [InlineData(7, false, Unknown)]
    [InlineData(10, false, Unknown)]
    [InlineData(11, true, Unknown)]
    [InlineData(12, true, Unknown)]
    public void The_VM_says_what_the_host_supports(ulong attribute, bool hostAccounts, int expected)
    {
        var features = new ParavirtFeatures(ParavirtProfiles.Final, hostAccounts);
        Assert.Equal(expected, features.ProbeVm(0, attribute));
        Assert.Equal(Unknown, features.ProbeVm(1, attribute));
        Assert.Equal(0, new ParavirtFeatures(ParavirtProfiles.Newest, hostAccounts).ProbeVm(0, 11));
    }

    private ulong Get(int vcpu)
    {
        var word = new byte[8];
        Assert.Equal(0, _bench.Attributes[vcpu].Get(Group, Features, word));
        return BitConverter.ToUInt64(word);
    }
}
