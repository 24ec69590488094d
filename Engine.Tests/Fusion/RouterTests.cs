using System;
using System.Linq;
using Engine.Fusion;
using Engine.Kernels;
using Xunit;

namespace Engine.Tests;

public sealed class RouterTests
{
    public static TheoryData<RouterArchitecture> Architectures => new(
        RouterArchitecture.OneLayer(2),
        RouterArchitecture.OneLayer(8),
        RouterArchitecture.OneLayer(3) with { Form = RouterForm.Residual, Channels = 5 },
        RouterArchitecture.TwoLayers(2),
        RouterArchitecture.TwoLayers(3),
        RouterArchitecture.TwoLayers(7),
        RouterArchitecture.Residual(2),
        RouterArchitecture.Residual(5),
        RouterArchitecture.ResidualByRow(2, 1),
        RouterArchitecture.ResidualByRow(3, 17),
        RouterArchitecture.ResidualByRow(8, 6, hiddenUnits: 19));

    [Theory]
    [InlineData(1, 2, 6)]
    [InlineData(1, 8, 72)]
    [InlineData(2, 2, 22)]
    [InlineData(2, 3, 45)]
    [InlineData(2, 7, 217)]
    [InlineData(2, 8, 280)]
    public void ParameterCount_PaperRouters_MatchesTheTable(int layers, int tasks, int expected)
    {
        Router router = new(layers == 1 ? RouterArchitecture.OneLayer(tasks) : RouterArchitecture.TwoLayers(tasks));
        Assert.Equal(expected, router.ParameterCount);
        Assert.Equal(expected, router.Tensors.Sum(tensor => tensor.Shape.ElementCount));
    }

    [Fact]
    public void Tensors_TwoLayersByRow_NamesAndShapes()
    {
        Router router = new(RouterArchitecture.ResidualByRow(3, 5));
        Assert.Equal(["gate.0.weight", "gate.0.bias", "gate.2.weight", "gate.2.bias"], router.Tensors.Select(t => t.Name));
        Assert.Equal([new Shape(8, 3), new Shape(8), new Shape(5, 3, 8), new Shape(3)], router.Tensors.Select(t => t.Shape));
        Assert.Equal([0, 24, 32, 152], router.Tensors.Select(t => t.Offset));
        Assert.Equal(new Shape(5, 3), router.RoutingShape);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Forward_RandomParameters_EqualsFormula(RouterArchitecture architecture)
    {
        RandomRouter random = new(architecture);
        float[] routing = new float[random.Router.RoutingCount];
        random.Router.Forward(random.Parameters, random.Preference, routing);
        AssertClose(RouterOracle.Forward(random.Router, Widen(random.Parameters), Widen(random.Preference)), routing, 1e-7);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Backward_RandomParameters_EqualsFiniteDifferences(RouterArchitecture architecture)
    {
        RandomRouter random = new(architecture);
        float[] gradient = [.. Enumerable.Repeat(float.NaN, random.Router.ParameterCount)];
        random.Router.Backward(random.Parameters, random.Preference, random.RoutingGradients[0], gradient);
        double[] expected = RouterOracle.Gradient(
            random.Router, Widen(random.Parameters), Widen(random.Preference), Widen(random.RoutingGradients[0]));
        AssertClose(expected, gradient, 1e-7);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void Backward_Accumulate_AddsToWhatIsThere(RouterArchitecture architecture)
    {
        RandomRouter random = new(architecture);
        float[] once = new float[random.Router.ParameterCount];
        random.Router.Backward(random.Parameters, random.Preference, random.RoutingGradients[0], once);
        float[] twice = [.. once];
        random.Router.Backward(random.Parameters, random.Preference, random.RoutingGradients[0], twice, accumulate: true);
        AssertClose([.. once.Select(value => 2.0 * value)], twice, 1e-6);
    }

    [Theory]
    [MemberData(nameof(Architectures))]
    public void GramEntry_TwoTasks_EqualsFlattenedGradients(RouterArchitecture architecture)
    {
        RandomRouter random = new(architecture);
        double[][] flat = [.. random.RoutingGradients.Select(g => RouterOracle.Gradient(
            random.Router, Widen(random.Parameters), Widen(random.Preference), Widen(g)))];
        int count = flat.Length;
        float[] stacked = [.. random.RoutingGradients.SelectMany(g => g)];
        double[] gram = new double[count * count];
        random.Router.AccumulateGram(random.Parameters, random.Preference, stacked, random.Router.RoutingCount, count, gram);
        double scale = flat.Max(g => RouterOracle.Dot(g, g));
        for (int t = 0; t < count; t++)
        {
            for (int s = 0; s < count; s++)
            {
                double expected = RouterOracle.Dot(flat[t], flat[s]);
                double entry = random.Router.GramEntry(
                    random.Parameters, random.Preference, random.RoutingGradients[t], random.RoutingGradients[s]);
                Assert.Equal(expected, entry, 1e-8 * scale);
                Assert.Equal(expected, gram[(t * count) + s], 1e-8 * scale);
            }
        }
    }

    [Fact]
    public void Forward_IdentityWeightAndOneHotPreference_GivesThatExpertAlone()
    {
        Router router = new(RouterArchitecture.OneLayer(3));
        float[] parameters = [1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0];
        float[] routing = new float[3];
        router.Forward(parameters, [0, 1, 0], routing);
        Assert.Equal([0f, 1f, 0f], routing);
    }

    [Fact]
    public void Forward_ResidualWithZeroOutputLayer_IsThePreference()
    {
        RandomRouter random = new(RouterArchitecture.ResidualByRow(3, 4));
        Router router = random.Router;
        random.Parameters.AsSpan(router.Tensors[2].Offset).Clear();
        float[] routing = new float[router.RoutingCount];
        router.Forward(random.Parameters, random.Preference, routing);
        Assert.Equal(Enumerable.Repeat(random.Preference, 4).SelectMany(r => r), routing);
    }

    [Fact]
    public void IsConstantInPreference_AllHiddenUnitsOff_True()
    {
        RandomRouter random = new(RouterArchitecture.TwoLayers(2));
        Assert.False(random.Router.IsConstantInPreference(random.Parameters));
        random.Parameters.AsSpan(random.Router.Tensors[1].Offset, 4).Fill(-100);
        Assert.True(random.Router.IsConstantInPreference(random.Parameters));
        Assert.Equal(0, random.Router.PreferenceVariation(random.Parameters));
    }

    [Fact]
    public void PreferenceVariation_OneLayer_IsLargestSpreadOfARow()
    {
        Router router = new(RouterArchitecture.OneLayer(2));
        Assert.Equal(0.5, router.PreferenceVariation([0.25f, 0.25f, -0.25f, 0.25f, 9, 9]));
        Assert.True(router.IsConstantInPreference([0.25f, 0.25f, -3, -3, 1, 2]));
    }

    [Theory]
    [InlineData(0, 2, 4, 1)]
    [InlineData(2, 3, 4, 1)]
    [InlineData(2, 2, 0, 1)]
    [InlineData(2, 1, 4, 1)]
    [InlineData(2, 2, 4, 0)]
    [InlineData(65, 1, 0, 1)]
    public void Constructor_SizeOutOfRange_Throws(int tasks, int layers, int hiddenUnits, int channels)
    {
        RouterArchitecture architecture = new() { Tasks = tasks, Layers = layers, HiddenUnits = hiddenUnits, Channels = channels };
        Assert.Throws<ArgumentException>(() => new Router(architecture));
    }

    [Fact]
    public void Forward_WrongPreferenceLength_NamesExpectedAndFound()
    {
        RandomRouter random = new(RouterArchitecture.OneLayer(2));
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => random.Router.Forward(random.Parameters, new float[3], new float[2]));
        Assert.Contains("'preference' has 2 elements, found 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Step_ByRowRouter_DoesNotAllocate()
    {
        RandomRouter random = new(RouterArchitecture.ResidualByRow(3, 64));
        float[] routing = new float[random.Router.RoutingCount];
        float[] gradient = new float[random.Router.ParameterCount];
        float[] stacked = [.. random.RoutingGradients.SelectMany(g => g)];
        double[] gram = new double[9];
        AllocationAssert.None(Step);

        void Step()
        {
            random.Router.Forward(random.Parameters, random.Preference, routing);
            random.Router.Backward(random.Parameters, random.Preference, random.RoutingGradients[0], gradient);
            random.Router.AccumulateGram(random.Parameters, random.Preference, stacked, random.Router.RoutingCount, 3, gram);
        }
    }

    internal static double[] Widen(float[] values) => [.. values.Select(value => (double)value)];

    internal static void AssertClose(double[] expected, float[] actual, double relative)
    {
        Assert.Equal(expected.Length, actual.Length);
        double tolerance = relative * Math.Max(expected.Max(Math.Abs), 1e-3);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"[{i}] expected {expected[i]:R}, found {actual[i]:R}");
        }
    }

    /// <summary>A router with fixed random numbers, hidden units well away from their kinks.</summary>
    private sealed class RandomRouter
    {
        public RandomRouter(RouterArchitecture architecture)
        {
            Router = new Router(architecture);
            Random random = new(7);
            Preference = new float[architecture.Tasks];
            Array.Fill(Preference, 1f / architecture.Tasks);
            Preference[0] += 0.1f;
            Preference[^1] -= 0.1f;
            do
            {
                Parameters = Draw(Router.ParameterCount);
            }
            while (architecture.Layers == 2 && SmallestPreactivation() < 1e-3);
            RoutingGradients = [.. Enumerable.Range(0, architecture.Tasks).Select(_ => Draw(Router.RoutingCount))];

            float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        }

        public Router Router { get; }

        public float[] Parameters { get; }

        public float[] Preference { get; }

        public float[][] RoutingGradients { get; }

        private float SmallestPreactivation()
        {
            float[] biases = Parameters[Router.Tensors[1].Offset..Router.Tensors[2].Offset];
            return Parameters.Chunk(Preference.Length)
                .Zip(biases, (row, bias) => Math.Abs(bias + row.Zip(Preference, (w, r) => w * r).Sum()))
                .Min();
        }
    }
}
