using Trapline.Actors.Guests;

namespace Trapline.Machines.Assembly;

/// <param name="Program">Null if there are errors.</param>
/// <param name="Errors">In the order of the expanded source, at most <see cref="AssemblyLimits.Errors"/>.</param>
public sealed record AssemblyResult(GuestProgram? Program, IReadOnlyList<AssemblyError> Errors);
