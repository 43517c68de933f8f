using System.Globalization;
using Trapline.Cluster.Coordination;

namespace Trapline.Host.Reports.Clusters;

/// <summary>Names in place of the numbers of members.</summary>
internal sealed class MemberNames(IReadOnlyList<Member> members)
{
    private readonly Dictionary<long, Member> _members = members.ToDictionary(member => member.Id);

    public string Of(long member) => _members.TryGetValue(member, out var known) ? known.Node.Name : string.Create(CultureInfo.InvariantCulture, $"member {member}");

    /// <summary><c>node2</c>; of one that has joined before with how often: <c>node2.3</c>.</summary>
    public string WithGeneration(long member) => _members.TryGetValue(member, out var known) && known.Generation > 1
        ? string.Create(CultureInfo.InvariantCulture, $"{known.Node.Name}.{known.Generation}")
        : Of(member);
}
