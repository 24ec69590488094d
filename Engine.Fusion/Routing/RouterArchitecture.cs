using System;

namespace Engine.Fusion;

/// <summary>
/// Size and form of one router. With T tasks, H hidden units, preference r [T]:
/// one layer: λ = s r + W r + b; two layers: λ = s r + b2 + W2 relu(W1 r + b1); s = 1 if residual, else 0.
/// With more than one channel the last weight is [channels, T, H], one per output channel of the routed tensor, and λ is [channels, T];
/// everything else is shared by the channels.
/// </summary>
public sealed record RouterArchitecture
{
    /// <summary>Upper bound of <see cref="Tasks"/>: a router's scratch lives on the stack.</summary>
    public const int MaxTasks = 64;

    /// <summary>Upper bound of <see cref="HiddenUnits"/>.</summary>
    public const int MaxHiddenUnits = 256;

    /// <summary>T: entries of a preference, and experts.</summary>
    public required int Tasks { get; init; }

    /// <summary>1 or 2.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>H of two layers; 0 for one layer.</summary>
    public int HiddenUnits { get; init; }

    /// <summary>Plain or residual.</summary>
    public RouterForm Form { get; init; }

    /// <summary>Rows of λ: 1, or the output channels of a tensor that is routed by row.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>The paper's one-layer router: T^2 + T parameters.</summary>
    /// <param name="tasks">T.</param>
    public static RouterArchitecture OneLayer(int tasks) => new() { Tasks = tasks, Layers = 1 };

    /// <summary>The paper's default, two layers with 2T hidden units: 4T^2 + 3T parameters.</summary>
    /// <param name="tasks">T.</param>
    public static RouterArchitecture TwoLayers(int tasks) => new() { Tasks = tasks, HiddenUnits = 2 * tasks };

    /// <summary>Correction to the soup, one per module or tensor, with 2T hidden units.</summary>
    /// <param name="tasks">T.</param>
    public static RouterArchitecture Residual(int tasks) =>
        new() { Tasks = tasks, HiddenUnits = 2 * tasks, Form = RouterForm.Residual };

    /// <summary>Correction to the soup, one per output channel.</summary>
    /// <param name="tasks">T.</param>
    /// <param name="channels">Output channels of the tensor; 1 for a 1-D tensor.</param>
    /// <param name="hiddenUnits">H, shared by the channels.</param>
    public static RouterArchitecture ResidualByRow(int tasks, int channels, int hiddenUnits = 8) =>
        new() { Tasks = tasks, HiddenUnits = hiddenUnits, Form = RouterForm.Residual, Channels = channels };

    /// <summary>Checks the sizes.</summary>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public void Validate()
    {
        Require(Tasks is >= 1 and <= MaxTasks, $"{nameof(Tasks)} is 1 to {MaxTasks}, found {Tasks}");
        Require(Layers is 1 or 2, $"{nameof(Layers)} is 1 or 2, found {Layers}");
        Require(Channels >= 1, $"{nameof(Channels)} is at least 1, found {Channels}");
        Require(
            Layers == 1 ? HiddenUnits == 0 : HiddenUnits is >= 1 and <= MaxHiddenUnits,
            $"{nameof(HiddenUnits)} is 0 with one layer and 1 to {MaxHiddenUnits} with two, found {HiddenUnits} with {Layers}");
        Require(Form is RouterForm.Plain or RouterForm.Residual, $"unknown {nameof(Form)} {Form}");
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ArgumentException($"Router: {message}.");
        }
    }
}
