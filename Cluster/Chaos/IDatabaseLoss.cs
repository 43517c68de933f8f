namespace Trapline.Cluster.Chaos;

/// <summary>Takes the database away from all its users, and gives it back.</summary>
public interface IDatabaseLoss
{
    void Take();

    void GiveBack();
}
