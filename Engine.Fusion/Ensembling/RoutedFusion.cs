using System;
using System.Collections.Generic;
using System.Linq;
using Engine.Kernels;
using Engine.Models;

namespace Engine.Fusion;

/// <summary>
/// Weight-ensembling mixture of experts with routers (PWEMoE, arXiv 2406.09770): every group of parameters is merged with the λ that its
/// router makes of the preference; the frozen rest is merged once with one λ.
/// </summary>
public sealed class RoutedFusion : IFusion, IDisposable
{
    private readonly Ensemble _ensemble;
    private readonly IReadOnlyList<Group> _groups;
    private readonly Arena _arena;
    private readonly TensorRef _weights;
    private readonly TensorRef _gradient;
    private readonly TensorRef[] _groupWeights;
    private readonly TensorRef[] _groupGradients;
    private readonly float[] _routing;
    private bool _frozenIsMerged;

    /// <summary>Lays out the routers; their parameters are zero until initialised or loaded.</summary>
    /// <param name="ensemble">Base, experts and the backbone that is merged into.</param>
    /// <param name="settings">Which groups, which routers.</param>
    public RoutedFusion(Ensemble ensemble, RouterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(ensemble);
        ArgumentNullException.ThrowIfNull(settings);
        _ensemble = ensemble;
        Settings = settings;
        _groups = Partition.Create(ensemble.Backbone.Layout, settings.Modules, settings.Granularity);
        Routers = new RouterBlock([.. _groups.Select(group => (group.Name, settings.ArchitectureOf(group, ensemble.Tasks)))]);
        Parameters = new float[Routers.ParameterCount];
        _routing = new float[Routers.RoutingCount];

        IBackend backend = ensemble.Backbone.Backend;
        DType dtype = backend.Info.ComputeType;
        Shape flat = new(Routers.RoutingCount);
        _arena = backend.CreateArena("routing weights", 2 * Arena.AlignedSize(dtype, flat));
        _weights = _arena.Allocate("lambda", dtype, flat);
        _gradient = _arena.Allocate("gradient.lambda", dtype, flat);
        _groupWeights = [.. Routers.Slots.Select(slot => Slice(_weights, slot))];
        _groupGradients = [.. Routers.Slots.Select(slot => Slice(_gradient, slot))];
    }

    /// <inheritdoc/>
    public string Name => Settings.Name;

    /// <summary>Which groups, which routers.</summary>
    public RouterSettings Settings { get; }

    /// <summary>The ensemble that is merged.</summary>
    public Ensemble Ensemble => _ensemble;

    /// <summary>The groups, in the order of the routers.</summary>
    public IReadOnlyList<Group> Groups => _groups;

    /// <summary>Layout of all routers.</summary>
    public RouterBlock Routers { get; }

    /// <summary>Router parameters [<see cref="RouterBlock.ParameterCount"/>].</summary>
    public float[] Parameters { get; }

    /// <summary>λ of all groups for the preference that was applied last [<see cref="RouterBlock.RoutingCount"/>].</summary>
    public ReadOnlySpan<float> RoutingWeights => _routing;

    /// <summary>Asks the backbone for the gradients of the routed parameters, and of no others; each block's are contracted while the
    /// backward pass goes on, and their memory is used again.</summary>
    public void RequestGradients()
    {
        HashSet<string> routed = [.. _groups.SelectMany(static group => group.Parameters).Select(static parameter => parameter.Name)];
        _ensemble.Backbone.RequestGradients(routed.Contains, Contract);
    }

    /// <inheritdoc/>
    public void Apply(ReadOnlySpan<float> preference)
    {
        _ensemble.RequirePreference(preference);
        if (!_frozenIsMerged)
        {
            MergeFrozen();
        }

        Routers.Forward(Parameters, preference, _routing);
        _ensemble.Backbone.Backend.Upload<float>(_routing, _weights);
        _ensemble.Backbone.Backend.Fill(_gradient, 0);
        for (int i = 0; i < _groups.Count; i++)
        {
            IReadOnlyList<ParameterSpec> parameters = _groups[i].Parameters;
            for (int p = 0; p < parameters.Count; p++)
            {
                _ensemble.Merge(parameters[p], _groupWeights[i]);
                _ensemble.ReleasePages(parameters[p]);
            }
        }
    }

    /// <summary>Forgets that the frozen rest has been merged: something else has written into the backbone's parameters.</summary>
    public void Invalidate() => _frozenIsMerged = false;

    /// <summary>Takes dL/dλ of all groups: the sum over the backward passes after <see cref="RequestGradients"/> since the last
    /// <see cref="Apply"/>, or since it was taken last.</summary>
    /// <param name="routingGradient">Receives [<see cref="RouterBlock.RoutingCount"/>].</param>
    public void TakeRoutingGradient(Span<float> routingGradient)
    {
        _ensemble.Backbone.Backend.Download(_gradient, routingGradient);
        _ensemble.Backbone.Backend.Fill(_gradient, 0);
    }

    /// <summary>Releases the routing weights; the ensemble stays.</summary>
    public void Dispose() => _arena.Dispose();

    /// <summary>Contracts the gradients of one block's groups, which the backward pass has just left.</summary>
    /// <param name="block">Index, or <see cref="ParameterSpec.OutsideBlocks"/>.</param>
    internal void Contract(int block)
    {
        for (int i = 0; i < _groups.Count; i++)
        {
            IReadOnlyList<ParameterSpec> parameters = _groups[i].Parameters;
            for (int p = 0; p < parameters.Count && parameters[p].Block == block; p++)
            {
                _ensemble.Contract(parameters[p], _groupGradients[i], accumulate: true);
                _ensemble.ReleasePages(parameters[p]);
            }
        }
    }

    private static TensorRef Slice(TensorRef flat, RouterSlot slot) =>
        flat.SliceColumns(slot.RoutingOffset, slot.Router.RoutingCount).Reshape(slot.Router.RoutingShape);

    private void MergeFrozen()
    {
        HashSet<ParameterSpec> routed = [.. _groups.SelectMany(static group => group.Parameters)];
        ParameterSpec[] frozen = [.. _ensemble.Backbone.Layout.Parameters.Where(parameter => !routed.Contains(parameter))];
        if (frozen.Length > 0)
        {
            // The routing weights' own memory holds λ0 for a moment: the routers overwrite it next.
            TensorRef lambda = _weights.SliceColumns(0, _ensemble.Tasks).Reshape(new Shape(_ensemble.Tasks));
            _ensemble.Backbone.Backend.Fill(lambda, Settings.FrozenLambda);
            foreach (ParameterSpec parameter in frozen)
            {
                _ensemble.Merge(parameter, lambda);
                _ensemble.ReleasePages(parameter);
            }
        }

        _frozenIsMerged = true;
    }
}
