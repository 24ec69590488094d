using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>A training that can be continued: router parameters, Adam's moments, the step, and what they belong to.</summary>
internal sealed record TrainingState(int Step, float[] Parameters, float[] FirstMoment, float[] SecondMoment)
{
    private const string StepKey = "step";
    private const string SettingsKey = "training";
    private const string IdentityKey = "identity";

    /// <summary>Writes a state file atomically.</summary>
    public static void Write(string path, RouterTrainer trainer, float[] firstMoment, float[] secondMoment)
    {
        using HostTensors tensors = new();
        SafetensorsWriter.Write(
            path,
            [
                tensors.Add<float>("parameters", trainer.Fusion.Parameters),
                tensors.Add<float>("first_moment", firstMoment),
                tensors.Add<float>("second_moment", secondMoment),
            ],
            new Dictionary<string, string>
            {
                [StepKey] = trainer.Step.ToString(CultureInfo.InvariantCulture),
                [SettingsKey] = Describe(trainer.Settings),
                [IdentityKey] = FusionIdentity.Of(trainer.Fusion, trainer.Objective.TaskLosses.Tasks).ToJson(),
            });
    }

    /// <summary>Reads a state file and checks that it is of this training.</summary>
    /// <exception cref="DataException">It is not.</exception>
    public static TrainingState Read(string path, RouterTrainer trainer)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        Require(file, SettingsKey, Describe(trainer.Settings));
        Require(file, IdentityKey, FusionIdentity.Of(trainer.Fusion, trainer.Objective.TaskLosses.Tasks).ToJson());
        if (!file.Metadata.TryGetValue(StepKey, out string? text)
            || !int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int step))
        {
            throw new DataException($"{path}: the metadata names no '{StepKey}'; this is no training state.");
        }

        TrainingState state = new(
            step, file.ReadSingles("parameters"), file.ReadSingles("first_moment"), file.ReadSingles("second_moment"));
        int expected = trainer.Fusion.Parameters.Length;
        if (state.Parameters.Length != expected || state.FirstMoment.Length != expected || state.SecondMoment.Length != expected)
        {
            throw new DataException($"{path}: expected {expected} router parameters and moments, found {state.Parameters.Length}.");
        }

        return state;
    }

    private static string Describe(RouterTrainingSettings settings) => JsonSerializer.Serialize(settings, FusionJson.Options);

    private static void Require(SafetensorsFile file, string key, string expected)
    {
        if (!file.Metadata.TryGetValue(key, out string? found) || found != expected)
        {
            throw new DataException(
                $"{file.Path}: the state belongs to another training; expected {key} {expected}, found {found ?? "none"}.");
        }
    }
}
