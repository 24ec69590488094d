using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Engine.Fusion;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Tests;

/// <summary>Base, experts, heads and batches of a PWEMoE fixture, on one backend.</summary>
internal sealed class PwemoeFixture : IDisposable
{
    private readonly FixtureFolder _folder;
    private readonly SafetensorsFile? _heads;
    private readonly bool _isLanguage;

    public PwemoeFixture(FixtureFolder folder, IBackend backend)
    {
        _folder = folder;
        int experts = folder.Meta.GetProperty("num_experts").GetInt32();
        Checkpoint baseCheckpoint = Checkpoint.Open(folder.File("base"));
        Checkpoint[] checkpoints = [.. Enumerable.Range(0, experts).Select(i => Checkpoint.Open(folder.File($"expert_{i}")))];
        Backbone = ModelLoader.CreateBackbone(backend, baseCheckpoint.Configuration);
        _isLanguage = Backbone is Gpt2Backbone;
        _heads = folder.Has("heads.safetensors") ? SafetensorsFile.Open(folder.File("heads.safetensors")) : null;
        Ensemble = new Ensemble(Backbone, baseCheckpoint, checkpoints);
        Tasks = [.. Enumerable.Range(0, experts).Select(i =>
            new SupervisedTask($"task.{i}", HeadOf(backend, checkpoints, i), Objective.Classification))];
        if (folder.Has("batches.safetensors"))
        {
            using SafetensorsFile file = SafetensorsFile.Open(folder.File("batches.safetensors"));
            Batches = [.. Enumerable.Range(0, experts).Select(i =>
                _isLanguage ? FixtureBatch.Tokens(file, $"task.{i}.") : FixtureBatch.Images(file, $"task.{i}."))];
        }
    }

    public Backbone Backbone { get; }

    public Ensemble Ensemble { get; }

    public SupervisedTask[] Tasks { get; }

    public Batch[] Batches { get; } = [];

    /// <summary>The variants that a folder has routers for, for example "mlp_attn_h2".</summary>
    public static IEnumerable<string> Variants(FixtureFolder folder, string prefix) => Directory
        .EnumerateFiles(folder.Path, prefix + "*.safetensors")
        .Select(path => Path.GetFileNameWithoutExtension(path)[prefix.Length..])
        .Order(StringComparer.Ordinal);

    /// <summary>The paper's routers of a variant with the parameters of a file.</summary>
    public RoutedFusion Routers(string variant, string routerFile)
    {
        RoutedModules modules = variant.Contains("attn", StringComparison.Ordinal) ? RoutedModules.MlpAndAttention : RoutedModules.Mlp;
        using SafetensorsFile file = SafetensorsFile.Open(routerFile);
        int layers = file.Entries.Any(static entry => entry.Name.Contains("gate.2.", StringComparison.Ordinal)) ? 2 : 1;
        float lambda = _folder.Meta.TryGetProperty("init_lambda", out JsonElement init) ? init.GetSingle() : 0.3f;
        RoutedFusion fusion = new(Ensemble, RouterSettings.Paper(modules, layers) with { FrozenLambda = lambda });
        RouterFile.ReadParameters(file, fusion);
        return fusion;
    }

    public void Dispose()
    {
        foreach (SupervisedTask task in Tasks)
        {
            task.Dispose();
        }

        _heads?.Dispose();
        Ensemble.Dispose();
        Backbone.Dispose();
    }

    private Head HeadOf(IBackend backend, Checkpoint[] experts, int task)
    {
        if (_heads is null)
        {
            return ModelLoader.LoadLinearHead(backend, experts[task]);
        }

        using Checkpoint projection = Checkpoint.Open(_folder.File("heads.safetensors"));
        return ModelLoader.LoadZeroShotHead(backend, projection, _heads, $"task.{task}.text_embeds");
    }
}
