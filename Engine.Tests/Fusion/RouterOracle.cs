using System;
using System.Linq;
using Engine.Fusion;

namespace Engine.Tests;

/// <summary>λ(r) written out in float64, straight from the formula: what routers are compared with, and what is differentiated.</summary>
internal static class RouterOracle
{
    public static double[] Forward(Router router, double[] parameters, double[] preference)
    {
        RouterArchitecture architecture = router.Architecture;
        int tasks = architecture.Tasks;
        double[] features = preference;
        if (architecture.Layers == 2)
        {
            double[] weight = Read(router, parameters, "gate.0.weight");
            double[] bias = Read(router, parameters, "gate.0.bias");
            features = [.. bias.Select((b, h) => Math.Max(b + Dot(weight[(h * tasks)..((h + 1) * tasks)], preference), 0))];
        }

        string last = architecture.Layers == 2 ? "gate.2" : "gate.0";
        double[] outputWeight = Read(router, parameters, $"{last}.weight");
        double[] outputBias = Read(router, parameters, $"{last}.bias");
        double[] routing = new double[router.RoutingCount];
        for (int k = 0; k < routing.Length; k++)
        {
            int i = k % tasks;
            routing[k] = outputBias[i] + (architecture.Form == RouterForm.Residual ? preference[i] : 0);
            for (int h = 0; h < features.Length; h++)
            {
                routing[k] += outputWeight[(k * features.Length) + h] * features[h];
            }
        }

        return routing;
    }

    /// <summary>Central differences of Σ g λ(parameters) with respect to every parameter.</summary>
    public static double[] Gradient(Router router, double[] parameters, double[] preference, double[] routingGradient)
    {
        const double Step = 1e-6;
        double[] gradient = new double[parameters.Length];
        double[] moved = [.. parameters];
        for (int p = 0; p < parameters.Length; p++)
        {
            moved[p] = parameters[p] + Step;
            double above = Dot(Forward(router, moved, preference), routingGradient);
            moved[p] = parameters[p] - Step;
            double below = Dot(Forward(router, moved, preference), routingGradient);
            moved[p] = parameters[p];
            gradient[p] = (above - below) / (2 * Step);
        }

        return gradient;
    }

    public static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Read(Router router, double[] parameters, string name)
    {
        RouterTensor tensor = router.Tensors.Single(t => t.Name == name);
        return parameters[tensor.Offset..(tensor.Offset + (int)tensor.Shape.ElementCount)];
    }
}
