using System.Text.RegularExpressions;
using Trapline.Machines.Scenarios.Expectations;
using Trapline.Machines.Scenarios.Migrations;
using Trapline.Machines.Text;
using Trapline.Machines.Yaml;
using Trapline.Messages;

namespace Trapline.Machines.Scenarios;

/// <summary>Names and values of guest parameters, in <c>guest.parameters</c> and in <c>matrix</c>.</summary>
internal static partial class ParameterReader
{
    public const string NamePattern = "^[A-Za-z_][A-Za-z0-9_]{0,63}$";
    public const string LabelPattern = "^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}$";

    public static bool CheckName(ScalarNode name, string where, ErrorList errors)
    {
        if (!NameExpression().IsMatch(name.Text))
        {
            errors.Add(name.Position, $"{Quoted.Show(name.Text)} cannot be the name of a parameter in {where}; use letters, digits and _, at most 64, the first no digit");
            return false;
        }

        if (ExpectationFunctions.Reserved.Contains(name.Text))
        {
            var remedy = name.Text switch
            {
                MatrixAxis.Vcpus => "give the number of vCPUs as machine.vcpus",
                MachinesSection.Key => "it is the number of machines, which every guest knows",
                _ when MachineChange.Keys.Contains(name.Text) => $"it is a key of machine: machine.{name.Text}",
                MigrationReader.Key => "it is a key of the scenario; choose another name",
                _ => "expectations use it; choose another name",
            };
            errors.Add(name.Position, $"{Quoted.Show(name.Text)} cannot be the name of a parameter in {where}; {remedy}");
            return false;
        }

        return true;
    }

    public static bool CheckLabel(ScalarNode label, string path, ErrorList errors)
    {
        if (LabelExpression().IsMatch(label.Text))
        {
            return true;
        }

        errors.Add(label.Position, $"{Quoted.Show(label.Text)} cannot name a choice of {path}; use letters, digits and _ . + -, at most 64");
        return false;
    }

    /// <summary>An integer, or a duration as whole nanoseconds; null after an error.</summary>
    public static ParameterValue? Value(YamlNode node, string path, ErrorList errors)
    {
        if (node is RefusedNode)
        {
            return null;
        }

        if (node is not ScalarNode scalar || scalar.IsNull)
        {
            errors.Add(node.Position, $"{path} must be an integer or a duration, not {node.Kind}");
            return null;
        }

        if (scalar.Plain && ScalarReader.TryInteger(scalar.Text, out var integer))
        {
            if (integer >= long.MinValue && integer <= long.MaxValue)
            {
                return new(scalar.Text, (long)integer);
            }

            errors.Add(node.Position, $"{path} must fit 64 bits with a sign, {long.MinValue} to {long.MaxValue}, not {node.Kind}");
            return null;
        }

        if (!VirtualTime.TryParse(scalar.Text, out var time))
        {
            var remedy = ScalarReader.TryInteger(scalar.Text, out _)
                ? "remove the quotes"
                : "for a word, write a mapping of words to numbers in matrix, such as pattern: {one-to-all: 0, all-to-all: 1}";
            errors.Add(node.Position, $"{path} must be an integer or a duration, not {node.Kind}; {remedy}");
            return null;
        }

        if (time.Picoseconds % VirtualTime.PerNanosecond != 0)
        {
            errors.Add(node.Position, $"{path} must be whole nanoseconds, which is what a guest counts in, not {node.Kind}");
            return null;
        }

        return new(scalar.Text, time.Picoseconds / VirtualTime.PerNanosecond);
    }

    // \z, not $: a name that ends in a line break is none.
    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]{0,63}\z")]
    private static partial Regex NameExpression();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9_.+-]{0,63}\z")]
    private static partial Regex LabelExpression();
}
