namespace Trapline.Devices.Common.Profiles;

/// <summary>The behaviour of one implementation of an architecture's interrupt controllers: a record of switches, one a difference.</summary>
public interface IProfile
{
    /// <summary>As <c>profile:</c> and <c>--profile</c> name it.</summary>
    string Name { get; }
}
