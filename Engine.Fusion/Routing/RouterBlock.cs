using System;
using System.Collections.Generic;

namespace Engine.Fusion;

/// <summary>
/// All routers of a model over one array of parameters and one array of routing weights, both without gaps, in the order of the groups.
/// Like a router it is only a layout: the arrays belong to the caller. No member that takes spans allocates.
/// </summary>
public sealed class RouterBlock
{
    private readonly RouterSlot[] _slots;

    /// <summary>Lays out the routers of a model.</summary>
    /// <param name="routers">Group names and their routers' architectures, all for the same tasks.</param>
    /// <exception cref="ArgumentException">No group, two of one name, different numbers of tasks, or a size out of range.</exception>
    public RouterBlock(IReadOnlyList<(string Group, RouterArchitecture Architecture)> routers)
    {
        ArgumentNullException.ThrowIfNull(routers);
        if (routers.Count == 0)
        {
            throw new ArgumentException("A router block needs at least one group.", nameof(routers));
        }

        Tasks = routers[0].Architecture.Tasks;
        _slots = new RouterSlot[routers.Count];
        List<RouterTensor> tensors = [];
        HashSet<string> groups = new(StringComparer.Ordinal);
        for (int i = 0; i < _slots.Length; i++)
        {
            (string group, RouterArchitecture architecture) = routers[i];
            if (!groups.Add(group))
            {
                throw new ArgumentException($"Two routers are named '{group}'.", nameof(routers));
            }

            if (architecture.Tasks != Tasks)
            {
                throw new ArgumentException($"Router '{group}' has {Tasks} tasks, found {architecture.Tasks}.", nameof(routers));
            }

            Router router = new(architecture);
            _slots[i] = new RouterSlot(group, router, ParameterCount, RoutingCount);
            foreach (RouterTensor tensor in router.Tensors)
            {
                tensors.Add(new RouterTensor($"{group}.{tensor.Name}", ParameterCount + tensor.Offset, tensor.Shape));
            }

            ParameterCount = checked(ParameterCount + router.ParameterCount);
            RoutingCount = checked(RoutingCount + router.RoutingCount);
        }

        Tensors = tensors;
    }

    /// <summary>T.</summary>
    public int Tasks { get; }

    /// <summary>Trainable numbers of all routers.</summary>
    public int ParameterCount { get; }

    /// <summary>Numbers in the λ of all groups.</summary>
    public int RoutingCount { get; }

    /// <summary>The routers and their places, in order.</summary>
    public IReadOnlyList<RouterSlot> Slots => _slots;

    /// <summary>All parameter tensors, named group.gate.N.weight or .bias, with offsets in the block.</summary>
    public IReadOnlyList<RouterTensor> Tensors { get; }

    /// <summary>λ(r) of all groups.</summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="preference">r [T].</param>
    /// <param name="routingWeights">Receives [<see cref="RoutingCount"/>].</param>
    public void Forward(ReadOnlySpan<float> parameters, ReadOnlySpan<float> preference, Span<float> routingWeights)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        RequireLength(routingWeights.Length, RoutingCount, nameof(routingWeights));
        foreach (RouterSlot slot in _slots)
        {
            Router router = slot.Router;
            router.Forward(
                parameters.Slice(slot.ParameterOffset, router.ParameterCount),
                preference,
                routingWeights.Slice(slot.RoutingOffset, router.RoutingCount));
        }
    }

    /// <summary>dL/dλ of all groups to dL/dparameters.</summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="preference">r [T] of the forward pass.</param>
    /// <param name="routingGradient">dL/dλ [<see cref="RoutingCount"/>].</param>
    /// <param name="parameterGradient">Receives [<see cref="ParameterCount"/>].</param>
    /// <param name="accumulate">Add to the gradient instead of overwriting it.</param>
    public void Backward(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> preference,
        ReadOnlySpan<float> routingGradient,
        Span<float> parameterGradient,
        bool accumulate = false)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        RequireLength(routingGradient.Length, RoutingCount, nameof(routingGradient));
        RequireLength(parameterGradient.Length, ParameterCount, nameof(parameterGradient));
        foreach (RouterSlot slot in _slots)
        {
            Router router = slot.Router;
            router.Backward(
                parameters.Slice(slot.ParameterOffset, router.ParameterCount),
                preference,
                routingGradient.Slice(slot.RoutingOffset, router.RoutingCount),
                parameterGradient.Slice(slot.ParameterOffset, router.ParameterCount),
                accumulate);
        }
    }

    /// <summary>The Gram matrix C of the tasks' gradients with respect to all router parameters, from the gradients of λ alone.</summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="preference">r [T].</param>
    /// <param name="routingGradients">dL_t/dλ of every task: [count, <see cref="RoutingCount"/>].</param>
    /// <param name="count">Number of losses; as a rule T.</param>
    /// <param name="gram">Receives C [count, count].</param>
    public void Gram(
        ReadOnlySpan<float> parameters,
        ReadOnlySpan<float> preference,
        ReadOnlySpan<float> routingGradients,
        int count,
        Span<double> gram)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        RequireLength(routingGradients.Length, count * RoutingCount, nameof(routingGradients));
        gram.Clear();
        foreach (RouterSlot slot in _slots)
        {
            Router router = slot.Router;
            ReadOnlySpan<float> own = parameters.Slice(slot.ParameterOffset, router.ParameterCount);
            router.AccumulateGram(own, preference, routingGradients[slot.RoutingOffset..], RoutingCount, count, gram);
        }
    }

    /// <summary>
    /// Groups whose learned part is constant in the preference: a router that died in training
    /// (see <see cref="Router.IsConstantInPreference"/>).
    /// </summary>
    /// <param name="parameters">[<see cref="ParameterCount"/>].</param>
    /// <param name="tolerance">Largest variation that counts as constant.</param>
    public IReadOnlyList<string> ConstantGroups(ReadOnlySpan<float> parameters, double tolerance = 1e-6)
    {
        RequireLength(parameters.Length, ParameterCount, nameof(parameters));
        List<string> constant = [];
        foreach (RouterSlot slot in _slots)
        {
            if (slot.Router.IsConstantInPreference(parameters.Slice(slot.ParameterOffset, slot.Router.ParameterCount), tolerance))
            {
                constant.Add(slot.Group);
            }
        }

        return constant;
    }

    private static void RequireLength(int found, int expected, string name)
    {
        if (found != expected)
        {
            throw new ArgumentException($"Router block: '{name}' has {expected} elements, found {found}.", name);
        }
    }
}
