using System;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// One routing weight per task for every parameter, without training: the rewarded soup, λ = r (Ramé et al., arXiv 2306.04488),
/// and task arithmetic, λ constant (Ilharco et al., arXiv 2212.04089).
/// </summary>
public sealed class UniformFusion : IFusion, IDisposable
{
    private readonly Ensemble _ensemble;
    private readonly float? _lambda;
    private readonly Arena _arena;
    private readonly TensorRef _weights;
    private readonly float[] _host;

    private UniformFusion(Ensemble ensemble, string name, float? lambda)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        Name = name;
        _ensemble = ensemble;
        _lambda = lambda;
        _host = new float[ensemble.Tasks];
        IBackend backend = ensemble.Backbone.Backend;
        Shape shape = new(ensemble.Tasks);
        _arena = backend.CreateArena("uniform routing weights", Arena.AlignedSize(backend.Info.ComputeType, shape));
        _weights = _arena.Allocate("lambda", backend.Info.ComputeType, shape);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>θ(r) = Σ ri θi (for preferences that sum to 1): the experts are its ends.</summary>
    public static UniformFusion Soup(Ensemble ensemble) => new(ensemble, "soup", lambda: null);

    /// <summary>θ = θ0 + λ Σ (θi - θ0), whatever the preference.</summary>
    public static UniformFusion TaskArithmetic(Ensemble ensemble, float lambda) => new(ensemble, "task arithmetic", lambda);

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> preference)
    {
        _ensemble.RequirePreference(preference);
        for (int i = 0; i < _host.Length; i++)
        {
            _host[i] = _lambda ?? preference[i];
        }

        _ensemble.Backbone.Backend.Upload<float>(_host, _weights);
        foreach (ParameterSpec parameter in _ensemble.Backbone.Layout.Parameters)
        {
            _ensemble.Merge(parameter, _weights);
            _ensemble.ReleasePages(parameter);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _arena.Dispose();
}
