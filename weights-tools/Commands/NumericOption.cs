using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace WeightsTools;

/// <summary>Options that hold one number of a range, with readable complaints.</summary>
internal static class NumericOption
{
    /// <summary>An option with a default.</summary>
    /// <param name="name">With dashes.</param>
    /// <param name="description">For the help.</param>
    /// <param name="defaultValue">Taken without the option.</param>
    /// <param name="least">Smallest value.</param>
    public static Option<T> Create<T>(string name, string description, T defaultValue, T least)
        where T : struct, INumber<T>
    {
        Option<T> option = new(name) { Description = description, HelpName = "NUMBER", DefaultValueFactory = _ => defaultValue };
        Require(option, least);
        return option;
    }

    /// <summary>An option that is null if it is not given.</summary>
    /// <inheritdoc cref="Create"/>
    public static Option<T?> CreateOptional<T>(string name, string description, T least)
        where T : struct, INumber<T>
    {
        Option<T?> option = new(name) { Description = description, HelpName = "NUMBER" };
        Require(option, least);
        return option;
    }

    private static void Require<T>(Option option, T least)
        where T : struct, INumber<T>
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1
                && T.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out T value)
                && !(value >= least && T.IsFinite(value)))
            {
                result.AddError($"{option.Name}: expected {least} or more, found {value}");
            }
        });
    }
}
