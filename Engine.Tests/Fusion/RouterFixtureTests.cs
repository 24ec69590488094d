using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Engine.Fusion;
using Engine.Models;
using Xunit;

namespace Engine.Tests;

/// <summary>
/// The routers' part of the PWEMoE fixtures, without any model: the gradient of the last bias is dL/dλ, and all other router gradients,
/// the Gram matrix and the EPO weights follow from it.
/// </summary>
[Trait("Category", "Golden")]
public sealed class RouterFixtureTests
{
    private const double Tolerance = 1e-6;

    [Theory]
    [FixtureData("PWEMoE", Contains = true)]
    public void Routers_EveryVariant_EqualTheReference(string name)
    {
        FixtureFolder fixture = FixtureFolder.Named(name);
        string[] routers = Directory.GetFiles(fixture.Path, "router_*.safetensors");
        Assert.NotEmpty(routers);
        foreach (string path in routers)
        {
            string variant = Path.GetFileNameWithoutExtension(path)["router_".Length..];
            using SafetensorsFile parameters = SafetensorsFile.Open(path);
            using SafetensorsFile expected = SafetensorsFile.Open(fixture.File($"expected_{variant}.safetensors"));
            RouterBlock block = Block(parameters);
            for (int p = 0; p < expected["prefs"].Shape[0]; p++)
            {
                new Case(block, Gather(block, parameters), expected, p).Check();
            }
        }
    }

    private static RouterBlock Block(SafetensorsFile parameters)
    {
        const string First = ".gate.0.weight";
        IEnumerable<string> groups = parameters.Entries.Select(entry => entry.Name)
            .Where(name => name.EndsWith(First, StringComparison.Ordinal))
            .Select(name => name[..^First.Length]);
        return new RouterBlock([.. groups.Select(group => (group, Architecture(parameters, group)))]);
    }

    private static RouterArchitecture Architecture(SafetensorsFile parameters, string group)
    {
        TensorEntry first = parameters[$"{group}.gate.0.weight"];
        int tasks = (int)first.Shape[1];
        return parameters.Contains($"{group}.gate.2.weight")
            ? new RouterArchitecture { Tasks = tasks, HiddenUnits = (int)first.Shape[0] }
            : RouterArchitecture.OneLayer(tasks);
    }

    private static float[] Gather(RouterBlock block, SafetensorsFile file) =>
        [.. block.Tensors.SelectMany(tensor => file.ReadSingles(tensor.Name))];

    private sealed class Case(RouterBlock block, float[] parameters, SafetensorsFile expected, int index)
    {
        private readonly float[] _preference =
            [.. expected.ReadDoubles("prefs").Skip(index * block.Tasks).Take(block.Tasks).Select(r => (float)r)];

        public void Check()
        {
            float[] routing = new float[block.RoutingCount];
            block.Forward(parameters, _preference, routing);
            foreach (RouterSlot slot in block.Slots)
            {
                RouterTests.AssertClose(
                    expected.ReadDoubles($"pref.{index}.routing.{slot.Group}"),
                    routing.AsSpan(slot.RoutingOffset, slot.Router.RoutingCount).ToArray(),
                    Tolerance);
            }

            CheckBackward("grad_ls");
            for (int t = 0; t < block.Tasks; t++)
            {
                CheckBackward($"grad_task.{t}");
            }

            if (expected.Contains($"pref.{index}.GG"))
            {
                CheckEpo();
            }
        }

        private void CheckBackward(string loss)
        {
            float[] gradient = new float[block.ParameterCount];
            block.Backward(parameters, _preference, RoutingGradient(loss), gradient);
            foreach (RouterTensor tensor in block.Tensors)
            {
                RouterTests.AssertClose(
                    expected.ReadDoubles($"pref.{index}.{loss}.{tensor.Name}"),
                    gradient.AsSpan(tensor.Offset, (int)tensor.Shape.ElementCount).ToArray(),
                    Tolerance);
            }
        }

        private void CheckEpo()
        {
            int tasks = block.Tasks;
            float[] gradients = [.. Enumerable.Range(0, tasks).SelectMany(t => RoutingGradient($"grad_task.{t}"))];
            double[] gram = new double[tasks * tasks];
            block.Gram(parameters, _preference, gradients, tasks, gram);
            double[] expectedGram = expected.ReadDoubles($"pref.{index}.GG");
            double largest = expectedGram.Max(Math.Abs);
            Assert.All(gram.Zip(expectedGram), pair => Assert.Equal(pair.Second, pair.First, Tolerance * largest));

            double[] weights = new double[tasks];
            double[] losses = expected.ReadDoubles($"pref.{index}.losses");
            EpoResult result = new EpoSolver(tasks).Solve(losses, [.. _preference.Select(r => (double)r)], gram, weights);
            Assert.Equal(expected.ReadDoubles($"pref.{index}.epo_solved")[0] != 0, result.Fallback == EpoFallback.None);
            Assert.All(weights.Zip(expected.ReadDoubles($"pref.{index}.epo_alpha")), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        }

        private float[] RoutingGradient(string loss) => [.. block.Slots.SelectMany(slot => expected
            .ReadDoubles($"pref.{index}.{loss}.{slot.Group}.{slot.Router.Tensors[^1].Name}")
            .Select(g => (float)g))];
    }
}
