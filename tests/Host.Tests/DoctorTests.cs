using System.Text.Json;
using Xunit;

namespace Trapline.Host.Tests;

public sealed class DoctorTests
{
    [Fact]
    public void Each_check_has_a_line_and_each_that_is_not_ok_a_remedy()
    {
        var line = new CommandLine();
        var code = line.Run("doctor", "--json");
        using var document = JsonDocument.Parse(line.Output);
        var checks = document.RootElement.GetProperty("checks").EnumerateArray().ToList();

        Assert.Equal(document.RootElement.GetProperty("ready").GetBoolean() ? ExitCodes.Done : ExitCodes.Environment, code);
        Assert.All(checks, check => Assert.Equal(check.GetProperty("status").GetString() == "ok", check.GetProperty("remedy").ValueKind == JsonValueKind.Null));
        Assert.Contains(checks, check => check.GetProperty("name").GetString() == "loopback");

        var text = new CommandLine();
        text.Run("doctor");
        Assert.All(checks, check => Assert.Contains(check.GetProperty("name").GetString()!, text.Output, StringComparison.Ordinal));
    }
}
